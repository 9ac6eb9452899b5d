import LoopIR

struct Relu: UnaryOp, UnaryPullbackRule {
  static let name = "relu"
  static let summary = "max(x, 0) (Nair & Hinton 2010)"
  static let onnx: [ONNXRule] = [reads("Relu")]
  static let domain = ElementDomain.number

  func value(_ x: Scalar) -> Scalar { max(x, 0) }

  /// 0 at 0; by the result, so that the operand need not be kept.
  func gradient(_ b: inout GraphBuilder, x: Value, y: Value, dy: Value) throws(OpError) -> Value {
    let zero = b.scalar(0, b.type(of: y).element)
    return try b.apply(Where(), try b.apply(Greater(), y, zero), dy, zero)
  }
}
