import LoopIR

struct Where: PointwiseOp {
  static let name = "where"
  static let summary = "a where the condition is true, else b, with broadcasting"
  static let onnx: [ONNXRule] = [reads("Where")]
  static let operands = [Operand("condition"), Operand("a"), Operand("b")]
  static let domain = ElementDomain.any
  static let examples = [
    "where(bool[2, 3], f32[2, 3], f32[2, 3])", "where(bool[2, 1, 3], f32[4, 1], f32[])",
    "where(bool[4], i32[4], i32[])",
  ]

  func resultElement(_ operands: [TensorType]) throws(OpError) -> ElementType {
    try Self.require(.logic, operands[0])
    let (a, b) = (operands[1], operands[2])
    guard a.element == b.element else {
      throw OpError(
        "the branches of 'where' differ in type: \(a) and \(b)", at: .operand(2),
        help: "use cast(x, to: \"\(a.element)\")")
    }
    return a.element
  }

  func value(_ x: [Scalar]) -> Scalar { select(x[0], x[1], x[2]) }
}
