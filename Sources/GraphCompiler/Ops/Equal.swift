import LoopIR

struct Equal: ComparisonOp {
  static let name = "equal"
  static let summary = "a == b, as bool"
  static let onnx: [ONNXRule] = [broadcasts("Equal")]
  static let examples = ["equal(f32[2, 3], f32[2, 3])", "equal(i32[2, 3, 4], i32[3, 1])"]

  func value(_ a: Scalar, _ b: Scalar) -> Scalar { a .== b }
}
