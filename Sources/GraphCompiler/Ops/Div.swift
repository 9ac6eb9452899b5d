import LoopIR

struct Div: PointwiseOp {
  static let name = "div"
  static let summary = "a / b, with broadcasting"
  static let operands = [Operand("a"), Operand("b")]
  static let examples = ["div(f32[2, 3], f32[2, 3])", "div(f32[2, 3, 4], f32[3, 1])"]

  func value(_ x: [Scalar]) -> Scalar { .binary(.divide, x[0], x[1]) }
}
