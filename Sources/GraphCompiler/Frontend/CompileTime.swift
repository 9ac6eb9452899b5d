import Foundation

/// Arithmetic of compile-time values. Nothing wraps around: what does not fit is refused.
enum CompileTime {
  /// What is wrong with an operation; the caller knows where.
  struct Mistake: Error {
    var id: String
    var message: String
  }

  static func apply(
    _ sign: InfixOperator, _ left: Attribute, _ right: Attribute
  ) throws(Mistake) -> Attribute {
    if let order = equality(sign, left, right) { return order }
    if let (a, b) = integers(left, right) {
      switch sign {
      case .add: return .int(try checked(a.addingReportingOverflow(b), "\(a) + \(b)"))
      case .sub: return .int(try checked(a.subtractingReportingOverflow(b), "\(a) - \(b)"))
      case .mul: return .int(try checked(a.multipliedReportingOverflow(by: b), "\(a) * \(b)"))
      case .div: return try divide(a, b)
      case .pow: return try power(a, b)
      case .less: return .bool(a < b)
      case .lessEqual: return .bool(a <= b)
      case .greater: return .bool(a > b)
      case .greaterEqual: return .bool(a >= b)
      case .equal, .notEqual: break
      }
    }
    let (a, b) = (try number(left), try number(right))
    switch sign {
    case .add: return try finite(a + b)
    case .sub: return try finite(a - b)
    case .mul: return try finite(a * b)
    case .div:
      if b == 0 { throw divisionByZero(left) }
      return try finite(a / b)
    case .pow: return try finite(Foundation.pow(a, b))
    case .less: return .bool(a < b)
    case .lessEqual: return .bool(a <= b)
    case .greater: return .bool(a > b)
    case .greaterEqual: return .bool(a >= b)
    case .equal: return .bool(a == b)
    case .notEqual: return .bool(a != b)
    }
  }

  static func negate(_ value: Attribute) throws(Mistake) -> Attribute {
    switch value {
    case .float(let number): return .float(-number)
    case .int, .bool: return try apply(.sub, .int(0), value)
    case .string, .list: throw notANumber(value)
    }
  }

  /// Equality also holds between strings and between lists; nil for everything else.
  private static func equality(_ sign: InfixOperator, _ left: Attribute, _ right: Attribute) -> Attribute? {
    guard sign == .equal || sign == .notEqual else { return nil }
    switch (left, right) {
    case (.string, .string), (.list, .list): return .bool((left == right) == (sign == .equal))
    default:
      return integers(left, right).map { .bool(($0 == $1) == (sign == .equal)) }
    }
  }

  private static func integers(_ left: Attribute, _ right: Attribute) -> (Int, Int)? {
    guard let a = integer(left), let b = integer(right) else { return nil }
    return (a, b)
  }

  /// Truth counts as 0 and 1, so that conditions can repeat stages.
  static func integer(_ value: Attribute) -> Int? {
    switch value {
    case .int(let number): number
    case .bool(let truth): truth ? 1 : 0
    case .float, .string, .list: nil
    }
  }

  static func number(_ value: Attribute) throws(Mistake) -> Double {
    if case .float(let number) = value { return number }
    guard let integer = integer(value) else { throw notANumber(value) }
    return Double(integer)
  }

  private static func notANumber(_ value: Attribute) -> Mistake {
    Mistake(id: "type-mismatch", message: "expected a number, found \(value.kind)")
  }

  private static func divisionByZero(_ dividend: Attribute) -> Mistake {
    Mistake(id: "division-by-zero", message: "\(dividend) is divided by zero")
  }

  private static func checked(
    _ result: (partialValue: Int, overflow: Bool), _ formula: String
  ) throws(Mistake) -> Int {
    if result.overflow {
      throw Mistake(id: "integer-overflow", message: "\(formula) does not fit into 64 bits")
    }
    return result.partialValue
  }

  private static func finite(_ value: Double) throws(Mistake) -> Attribute {
    if value.isNaN { throw Mistake(id: "integer-overflow", message: "the result is not a number") }
    return .float(value)
  }

  /// 6/2 is 3, 7/2 is 3.5.
  private static func divide(_ a: Int, _ b: Int) throws(Mistake) -> Attribute {
    if b == 0 { throw divisionByZero(.int(a)) }
    let (quotient, overflow) = a.dividedReportingOverflow(by: b)
    let (remainder, _) = a.remainderReportingOverflow(dividingBy: b)
    if remainder != 0 { return .float(Double(a) / Double(b)) }
    return .int(try checked((quotient, overflow), "\(a) / \(b)"))
  }

  private static func power(_ base: Int, _ exponent: Int) throws(Mistake) -> Attribute {
    if exponent < 0 { return try apply(.pow, .float(Double(base)), .float(Double(exponent))) }
    let formula = "\(base) ^ \(exponent)"
    var (result, square, rest) = (1, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result = try checked(result.multipliedReportingOverflow(by: square), formula) }
      rest >>= 1
      if rest > 0, square != 0, square != 1 {
        if square == -1 {
          square = 1
        } else {
          square = try checked(square.multipliedReportingOverflow(by: square), formula)
        }
      }
    }
    return .int(result)
  }

  // MARK: Functions

  /// Names of the functions of numbers; where an operand is a tensor the operator of that name is meant.
  static let functions: Set<String> = ["min", "max", "floor", "ceil", "round", "abs", "sqrt", "exp", "log"]

  static func call(_ name: String, _ arguments: [Attribute]) throws(Mistake) -> Attribute {
    guard let first = arguments.first else {
      throw Mistake(id: "missing-argument", message: "'\(name)' needs a number")
    }
    if name == "min" || name == "max" {
      var best = first
      for next in arguments.dropFirst() {
        if try apply(name == "min" ? .less : .greater, next, best) == .bool(true) { best = next }
      }
      _ = try number(best)
      return best
    }
    guard arguments.count == 1 else {
      throw Mistake(id: "too-many-arguments", message: "'\(name)' takes one number, found \(arguments.count)")
    }
    let x = try number(first)
    switch name {
    case "floor": return try whole(x.rounded(.down), first)
    case "ceil": return try whole(x.rounded(.up), first)
    case "round": return try whole(x.rounded(.toNearestOrEven), first)
    case "abs": return try apply(.less, first, .int(0)) == .bool(true) ? negate(first) : first
    case "sqrt": return try finite(x.squareRoot())
    case "exp": return try finite(Foundation.exp(x))
    case "log": return try finite(Foundation.log(x))
    default: preconditionFailure("'\(name)' is listed as a function of numbers, but has no rule")
    }
  }

  private static func whole(_ value: Double, _ argument: Attribute) throws(Mistake) -> Attribute {
    if let integer = integer(argument) { return .int(integer) }
    guard let integer = Int(exactly: value) else {
      throw Mistake(id: "integer-overflow", message: "\(Attribute.text(of: value)) does not fit into 64 bits")
    }
    return .int(integer)
  }
}
