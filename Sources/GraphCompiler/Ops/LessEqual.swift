import LoopIR

struct LessEqual: ComparisonOp {
  static let name = "less_equal"
  static let summary = "a <= b, as bool"
  static let onnx: [ONNXRule] = [reads("LessOrEqual")]
  static let examples = ["less_equal(f32[2, 3], f32[2, 3])", "less_equal(i32[2, 3, 4], i32[3, 1])"]

  func value(_ a: Scalar, _ b: Scalar) -> Scalar { a .<= b }
}
