import LoopIR

struct Sin: UnaryOp {
  static let name = "sin"
  static let summary = "sine of x in radians"

  func value(_ x: Scalar) -> Scalar { .unary(.sin, x) }
}
