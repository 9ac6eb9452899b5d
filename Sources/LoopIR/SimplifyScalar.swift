extension Scalar {
  /// The same value in fewer steps. Laws, one a line; each holds for every number, infinities and NaN
  /// included, but for the sign of a zero:
  ///
  ///     x + 0  =  x        x - 0  =  x
  ///     x * 1  =  x        x / 1  =  x        x ^ 1  =  x
  ///     -(-x)  =  x
  ///     f(constants)  =  constant             for arithmetic that double precision does exactly as written
  package var simplified: Scalar {
    rewritten(index: { $0 }, scalar: { $0.simplifiedHere })
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
    default:
      self
    }
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
