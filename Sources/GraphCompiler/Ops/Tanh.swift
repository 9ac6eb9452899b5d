import LoopIR

struct Tanh: UnaryOp, UnaryPullbackRule {
  static let name = "tanh"
  static let summary = "(e^x - e^-x) / (e^x + e^-x)"
  static let onnx: [ONNXRule] = [reads("Tanh")]

  func value(_ x: Scalar) -> Scalar { .unary(.tanh, x) }

  /// `1 - y^2`: the operand need not be kept.
  func gradient(_ b: inout GraphBuilder, x: Value, y: Value, dy: Value) throws(OpError) -> Value {
    let slope = try b.apply(Sub(), b.scalar(1, b.type(of: y).element), try b.apply(Mul(), y, y))
    return try b.apply(Mul(), dy, slope)
  }
}
