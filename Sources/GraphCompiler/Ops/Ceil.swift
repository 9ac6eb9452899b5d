import LoopIR

struct Ceil: UnaryOp {
  static let name = "ceil"
  static let summary = "smallest integer that is not below x"

  func value(_ x: Scalar) -> Scalar { .unary(.ceil, x) }
}
