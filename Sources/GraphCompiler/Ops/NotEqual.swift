import LoopIR

struct NotEqual: ComparisonOp {
  static let name = "not_equal"
  static let summary = "a != b, as bool"
  static let examples = ["not_equal(f32[2, 3], f32[2, 3])", "not_equal(i32[2, 3, 4], i32[3, 1])"]

  func value(_ a: Scalar, _ b: Scalar) -> Scalar { a .!= b }
}
