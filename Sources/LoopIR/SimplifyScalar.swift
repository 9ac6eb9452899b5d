extension Scalar {
  /// The same value in fewer steps. Laws, one a line; each holds for every number, infinities and NaN
  /// included, but for the sign of a zero:
  ///
  ///     x + 0  =  x        x - 0  =  x
  ///     x * 1  =  x        x / 1  =  x        x ^ 1  =  x
  ///     -(-x)  =  x
  ///     f(constants)  =  constant             for arithmetic that double precision does exactly as written
  ///     i < n  =  1                           for a position that is always less, 0 for one that never is; n <= i alike
  ///     x and 1  =  x        x and 0  =  0    where x is a comparison
  package var simplified: Scalar {
    rewritten(scalar: { $0.simplifiedHere })
  }

  private var simplifiedHere: Scalar {
    switch self {
    case .binary(.add, let x, .constant(0)), .binary(.add, .constant(0), let x),
      .binary(.subtract, let x, .constant(0)),
      .binary(.multiply, let x, .constant(1)), .binary(.multiply, .constant(1), let x),
      .binary(.divide, let x, .constant(1)), .binary(.power, let x, .constant(1)),
      .unary(.negate, .unary(.negate, let x)):
      x
    case .binary(let function, .constant(let a), .constant(let b)):
      function.folded(a, b).map { .constant($0) } ?? self
    case .unary(.negate, .constant(let a)):
      .constant(-a)
    case .select(.constant(let condition), let a, let b):
      condition != 0 ? a : b
    case .binary(.less, .index(let index), .constant(let limit)):
      index.isLess(than: limit).map { .constant($0 ? 1 : 0) } ?? self
    case .binary(.lessEqual, .constant(let limit), .index(let index)):
      index.isLess(than: limit).map { .constant($0 ? 0 : 1) } ?? self
    case .binary(.and, let x, .constant(let holds)), .binary(.and, .constant(let holds), let x):
      holds == 0 ? 0 : x.elementType == .bool ? x : self
    case .unary(.not, .constant(let a)):
      .constant(a == 0 ? 1 : 0)
    default:
      self
    }
  }
}

extension Index {
  /// nil where it depends.
  fileprivate func isLess(than limit: Double) -> Bool? {
    guard let range else { return nil }
    if Double(range.upperBound) < limit { return true }
    return Double(range.lowerBound) >= limit ? false : nil
  }
}

extension BinaryFunction {
  fileprivate func folded(_ a: Double, _ b: Double) -> Double? {
    switch self {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .minimum, .maximum, .power, .modulo, .equal, .notEqual, .less, .lessEqual, .and, .or: nil
    case .bitAnd, .bitOr, .bitXor, .shiftLeft, .shiftRight: nil
    }
  }
}
