import LoopIR

struct Greater: ComparisonOp {
  static let name = "greater"
  static let summary = "a > b, as bool"
  static let onnx: [ONNXRule] = [broadcasts("Greater")]
  static let examples = ["greater(f32[2, 3], f32[2, 3])", "greater(i32[2, 3, 4], i32[3, 1])"]

  func value(_ a: Scalar, _ b: Scalar) -> Scalar { b .< a }
}
