import LoopIR

struct Round: UnaryOp {
  static let name = "round"
  static let summary = "nearest integer, halves to even"

  func value(_ x: Scalar) -> Scalar { .unary(.round, x) }
}
