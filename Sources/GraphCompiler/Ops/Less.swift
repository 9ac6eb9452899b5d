import LoopIR

struct Less: ComparisonOp {
  static let name = "less"
  static let summary = "a < b, as bool"
  static let onnx: [ONNXRule] = [broadcasts("Less")]
  static let examples = ["less(f32[2, 3], f32[2, 3])", "less(i32[2, 3, 4], i32[3, 1])"]

  func value(_ a: Scalar, _ b: Scalar) -> Scalar { a .< b }
}
