import LoopIR

struct Max: PointwiseOp {
  static let name = "max"
  static let summary = "the largest of the operands, with broadcasting"
  static let onnx: [ONNXRule] = [reads("Max")]
  static let operands = [Operand("x", .variadic)]
  static let domain = ElementDomain.number
  static let examples = ["max(f32[2, 3], f32[2, 3])", "max(f32[2, 3], f32[3], f32[])", "max(i32[4])"]

  func value(_ x: [Scalar]) -> Scalar {
    x.dropFirst().reduce(x[0]) { LoopIR.max($0, $1) }
  }
}
