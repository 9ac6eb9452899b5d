import LoopIR

struct Relu: PointwiseOp {
  static let name = "relu"
  static let summary = "max(x, 0) (Nair & Hinton 2010)"
  static let operands = [Operand("x")]
  static let examples = ["relu(f32[2, 3, 4, 5])"]

  func value(_ x: [Scalar]) -> Scalar { .binary(.maximum, x[0], 0) }
}
