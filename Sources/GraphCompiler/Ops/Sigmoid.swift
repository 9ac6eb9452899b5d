import LoopIR

/// The logistic function. Below -88 it stays at 1e-38, so that neither `e^-x` nor the slope `e^-x / (1 +
/// e^-x)^2` becomes infinity over infinity in single precision.
struct Sigmoid: UnaryOp, UnaryPullbackRule {
  static let name = "sigmoid"
  static let summary = "1 / (1 + e^-x)"
  static let onnx: [ONNXRule] = [reads("Sigmoid")]

  /// The expression, also for silu.
  static func value(of x: Scalar) -> Scalar { 1 / (1 + exp(-max(x, -88))) }

  func value(_ x: Scalar) -> Scalar { Self.value(of: x) }

  /// `y (1 - y)`: the operand need not be kept.
  func gradient(_ b: inout GraphBuilder, x: Value, y: Value, dy: Value) throws(OpError) -> Value {
    let complement = try b.apply(Sub(), b.scalar(1, b.type(of: y).element), y)
    return try b.apply(Mul(), dy, try b.apply(Mul(), y, complement))
  }
}
