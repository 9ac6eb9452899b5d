import LoopIR

struct Exp: PointwiseOp {
  static let name = "exp"
  static let summary = "e to the power of x"
  static let operands = [Operand("x")]
  static let examples = ["exp(f32[2, 3])"]

  func value(_ x: [Scalar]) -> Scalar { .unary(.exp, x[0]) }
}
