import LoopIR

struct Sub: PointwiseOp {
  static let name = "sub"
  static let summary = "a - b, with broadcasting"
  static let operands = [Operand("a"), Operand("b")]
  static let examples = ["sub(f32[2, 3], f32[2, 3])", "sub(f32[2, 3, 4], f32[3, 1])"]

  func value(_ x: [Scalar]) -> Scalar { .binary(.subtract, x[0], x[1]) }
}
