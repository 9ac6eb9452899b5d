import LoopIR

struct Cos: UnaryOp {
  static let name = "cos"
  static let summary = "cosine of x in radians"

  func value(_ x: Scalar) -> Scalar { .unary(.cos, x) }
}
