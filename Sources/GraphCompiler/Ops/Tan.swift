import LoopIR

struct Tan: UnaryOp {
  static let name = "tan"
  static let summary = "tangent of x in radians"

  func value(_ x: Scalar) -> Scalar { .unary(.tan, x) }
}
