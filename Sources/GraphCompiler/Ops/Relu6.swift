import LoopIR

struct Relu6: UnaryOp, UnaryPullbackRule {
  static let name = "relu6"
  static let summary = "min(max(x, 0), 6) (Krizhevsky 2010)"
  static let domain = ElementDomain.number
  static let examples = ["relu6(f32[2, 3, 4, 5])", "relu6(i32[5])", "relu6(u8[5])"]

  func value(_ x: Scalar) -> Scalar { min(max(x, 0), 6) }

  /// 0 at 0 and at 6; by the result, so that the operand need not be kept.
  func gradient(_ b: inout GraphBuilder, x: Value, y: Value, dy: Value) throws(OpError) -> Value {
    let element = b.type(of: y).element
    let zero = b.scalar(0, element)
    let isBelow = try b.apply(Less(), y, b.scalar(6, element))
    let isInside = try b.apply(And(), try b.apply(Greater(), y, zero), isBelow)
    return try b.apply(Where(), isInside, dy, zero)
  }

  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    let bounds = [0.0, 6].map { call.scalar($0, call.types[0].element) }
    call.finish("Clip", [call.operands[0]] + bounds)
    return true
  }
}
