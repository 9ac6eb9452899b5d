import LoopIR

struct GreaterEqual: ComparisonOp {
  static let name = "greater_equal"
  static let summary = "a >= b, as bool"
  static let onnx: [ONNXRule] = [reads("GreaterOrEqual")]
  static let examples = ["greater_equal(f32[2, 3], f32[2, 3])", "greater_equal(i32[2, 3, 4], i32[3, 1])"]

  func value(_ a: Scalar, _ b: Scalar) -> Scalar { b .<= a }
}
