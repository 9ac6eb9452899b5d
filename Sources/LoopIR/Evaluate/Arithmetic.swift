import Foundation

/// Arithmetic of the evaluator.
///
/// Floating-point types compute in double precision and are never rounded to their own precision. Integer
/// types hold whole numbers: every operation truncates toward zero and wraps to the width of its type (64-bit
/// types are exact up to 2^53 only). Bool is 0 or 1. Operands without a type (literals, positions) count as
/// floating point.
extension ElementType {
  /// The number modulo the width of an integer type; floating-point types take any number.
  package func wrapping(_ value: Int64) -> Double {
    switch self {
    case .f16, .bf16, .f32, .f64, .i64: Double(value)
    case .bool: value == 0 ? 0 : 1
    case .i8: Double(Int8(truncatingIfNeeded: value))
    case .i16: Double(Int16(truncatingIfNeeded: value))
    case .i32: Double(Int32(truncatingIfNeeded: value))
    case .u8: Double(UInt8(truncatingIfNeeded: value))
    case .u16: Double(UInt16(truncatingIfNeeded: value))
    case .u32: Double(UInt32(truncatingIfNeeded: value))
    case .u64: Double(UInt64(bitPattern: value))
    }
  }

  /// The conversion that a cast or a store makes: whole numbers wrap, others truncate toward zero and
  /// saturate, what is not a number becomes 0; to bool, everything but 0 is 1. Nil where nothing changes.
  package func conversion(from source: ElementType?) -> ((Double) -> Double)? {
    guard let bounds = integerBounds, source != self else { return nil }
    if self == .bool { return { $0 == 0 ? 0 : 1 } }
    if let source, !source.isFloatingPoint { return { wrapping(Int64(saturating: $0)) } }
    return { value in
      value.isNaN ? 0 : min(max(value, bounds.lowerBound), bounds.upperBound).rounded(.towardZero)
    }
  }
}

extension Int64 {
  /// Truncates toward zero; numbers beyond 64 bits saturate, what is not a number becomes 0.
  package init(saturating value: Double) {
    if value.isNaN {
      self = 0
    } else {
      self = Int64(exactly: value.rounded(.towardZero)) ?? (value < 0 ? .min : .max)
    }
  }
}

extension UnaryFunction {
  /// The function on numbers of a type; nil as type means floating point.
  package func function(on type: ElementType?) -> (Double) -> Double {
    let function = self.function
    guard let type, !type.isFloatingPoint, self != .not, self != .isNaN else { return function }
    return { type.wrapping(Int64(saturating: function($0))) }
  }

  private var function: (Double) -> Double {
    switch self {
    case .negate: { -$0 }
    case .absolute: { abs($0) }
    case .exp: { Foundation.exp($0) }
    case .log: { Foundation.log($0) }
    case .sqrt: { $0.squareRoot() }
    case .sin: { Foundation.sin($0) }
    case .cos: { Foundation.cos($0) }
    case .tan: { Foundation.tan($0) }
    case .tanh: { Foundation.tanh($0) }
    case .asin: { Foundation.asin($0) }
    case .acos: { Foundation.acos($0) }
    case .atan: { Foundation.atan($0) }
    case .sinh: { Foundation.sinh($0) }
    case .cosh: { Foundation.cosh($0) }
    case .asinh: { Foundation.asinh($0) }
    case .acosh: { Foundation.acosh($0) }
    case .atanh: { Foundation.atanh($0) }
    case .erf: { Foundation.erf($0) }
    case .floor: { $0.rounded(.down) }
    case .ceil: { $0.rounded(.up) }
    case .round: { $0.rounded(.toNearestOrEven) }
    case .not: { $0 == 0 ? 1 : 0 }
    case .isNaN: { $0.isNaN ? 1 : 0 }
    }
  }
}

extension BinaryFunction {
  /// The function on numbers of a type; nil as type means floating point.
  package func function(on type: ElementType?) -> (Double, Double) -> Double {
    guard let type, !type.isFloatingPoint, !isComparisonOrLogic else { return function }
    switch self {
    case .add: return whole(type, &+)
    case .subtract: return whole(type, &-)
    case .multiply: return whole(type, &*)
    case .divide: return whole(type) { $1 == 0 ? 0 : $0.dividedReportingOverflow(by: $1).partialValue }
    case .modulo: return whole(type, Self.modulo)
    case .power: return whole(type, Self.power)
    case .bitAnd: return whole(type, &)
    case .bitOr: return whole(type, |)
    case .bitXor: return whole(type, ^)
    case .shiftLeft: return whole(type) { Self.shift($0, $1, type) { $0 << $1 } }
    case .shiftRight: return whole(type) { Self.shift($0, $1, type) { $0 >> $1 } }
    case .minimum, .maximum, .equal, .notEqual, .less, .lessEqual, .and, .or: return function
    }
  }

  private func whole(
    _ type: ElementType, _ body: @escaping (Int64, Int64) -> Int64
  ) -> (Double, Double) -> Double {
    { type.wrapping(body(Int64(saturating: $0), Int64(saturating: $1))) }
  }

  /// Of the negative powers, those of 1 and -1 alone are whole; the others are 0.
  private static func power(_ a: Int64, _ b: Int64) -> Int64 {
    if b < 0 { return a == 1 || (a == -1 && b % 2 == 0) ? 1 : a == -1 ? -1 : 0 }
    var (product, square, rest) = (Int64(1), a, b)
    while rest > 0 {
      if rest % 2 != 0 { product = product &* square }
      square = square &* square
      rest /= 2
    }
    return product
  }

  /// A shift by the width or more leaves 0.
  private static func shift(_ a: Int64, _ b: Int64, _ type: ElementType, _ body: (UInt64, UInt64) -> UInt64) -> Int64 {
    guard (0..<Int64(8 * type.byteCount)).contains(b) else { return 0 }
    return Int64(bitPattern: body(UInt64(bitPattern: a), UInt64(b)))
  }

  /// Division by 0 leaves 0.
  private static func modulo(_ a: Int64, _ b: Int64) -> Int64 {
    if b == 0 { return 0 }
    let rest = a.remainderReportingOverflow(dividingBy: b).partialValue
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
  }

  private var function: (Double, Double) -> Double {
    switch self {
    case .add: { $0 + $1 }
    case .subtract: { $0 - $1 }
    case .multiply: { $0 * $1 }
    case .divide: { $0 / $1 }
    case .minimum: { $0.isNaN || $0 < $1 ? $0 : $1 }
    case .maximum: { $0.isNaN || $0 > $1 ? $0 : $1 }
    case .power: { pow($0, $1) }
    case .modulo: Self.floatingModulo
    // Floating-point numbers have no bits here; type rules refuse them.
    case .bitAnd, .bitOr, .bitXor, .shiftLeft, .shiftRight: { _, _ in .nan }
    case .equal: { $0 == $1 ? 1 : 0 }
    case .notEqual: { $0 != $1 ? 1 : 0 }
    case .less: { $0 < $1 ? 1 : 0 }
    case .lessEqual: { $0 <= $1 ? 1 : 0 }
    case .and: { $0 != 0 && $1 != 0 ? 1 : 0 }
    case .or: { $0 != 0 || $1 != 0 ? 1 : 0 }
    }
  }

  /// Exact where `x - floor(x / y) * y` would round.
  private static func floatingModulo(_ x: Double, _ y: Double) -> Double {
    let rest = fmod(x, y)
    return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest
  }
}

extension Reduction {
  /// The value of the empty reduction as a number of the type: the least i32 instead of minus infinity.
  package func identity(on type: ElementType?) -> Double {
    guard let bounds = type?.integerBounds else { return identity }
    return min(max(identity, bounds.lowerBound), bounds.upperBound)
  }
}
