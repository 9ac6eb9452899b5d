import LoopIR

/// A smooth `max(x, 0)`, written as `max(x, 0) + log(1 + e^-|x|)` so that nothing overflows.
struct Softplus: UnaryOp, UnaryPullbackRule {
  static let name = "softplus"
  static let summary = "log(1 + e^x) (Dugas et al. 2001)"
  static let onnx: [ONNXRule] = [reads("Softplus")]

  /// The expression, also for mish. Branches in place of `max` and `|x|` give the slope 1/2 at 0.
  static func value(of x: Scalar) -> Scalar {
    let isPositive: Scalar = 0 .< x
    let decay = exp(select(isPositive, -x, x))
    return select(isPositive, x, 0) + log(1 + decay)
  }

  func value(_ x: Scalar) -> Scalar { Self.value(of: x) }

  /// `1 - e^-y`, as `2 T / (1 + T)` with `T = tanh(y / 2)` because the difference would lose the digits of a small `y`. The
  /// operand need not be kept.
  func gradient(_ b: inout GraphBuilder, x: Value, y: Value, dy: Value) throws(OpError) -> Value {
    let half = try b.apply(Tanh(), try b.scaled(y, by: 0.5))
    let divisor = try b.apply(Add(), half, b.scalar(1, b.type(of: y).element))
    return try b.apply(Mul(), dy, try b.apply(Div(), try b.scaled(half, by: 2), divisor))
  }
}
