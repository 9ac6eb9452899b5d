import LoopIR

struct Sqrt: UnaryOp {
  static let name = "sqrt"
  static let summary = "square root"

  func value(_ x: Scalar) -> Scalar { .unary(.sqrt, x) }
}
