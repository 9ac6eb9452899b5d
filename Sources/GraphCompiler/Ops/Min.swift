import LoopIR

struct Min: PointwiseOp {
  static let name = "min"
  static let summary = "the smallest of the operands, with broadcasting"
  static let onnx: [ONNXRule] = [reads("Min")]
  static let operands = [Operand("x", .variadic)]
  static let domain = ElementDomain.number
  static let examples = ["min(f32[2, 3], f32[2, 3])", "min(f32[2, 3], f32[3], f32[])", "min(i32[4])"]

  func value(_ x: [Scalar]) -> Scalar {
    x.dropFirst().reduce(x[0]) { LoopIR.min($0, $1) }
  }
}
