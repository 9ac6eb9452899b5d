import LoopIR

struct Add: PointwiseOp {
  static let name = "add"
  static let summary = "a + b, with broadcasting"
  static let operands = [Operand("a"), Operand("b")]
  static let examples = ["add(f32[2, 3], f32[2, 3])", "add(f32[2, 3, 4], f32[3, 1])", "add(i32[4], i32[])"]

  func value(_ x: [Scalar]) -> Scalar { x[0] + x[1] }
}
