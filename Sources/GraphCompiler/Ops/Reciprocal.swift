import LoopIR

struct Reciprocal: UnaryOp {
  static let name = "reciprocal"
  static let summary = "1 / x"

  func value(_ x: Scalar) -> Scalar { 1 / x }
}
