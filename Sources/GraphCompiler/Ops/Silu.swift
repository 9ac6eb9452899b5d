import LoopIR

struct Silu: UnaryOp {
  static let name = "silu"
  static let summary = "x * sigmoid(x), also called swish (Hendrycks & Gimpel 2016, Ramachandran et al. 2017)"

  func value(_ x: Scalar) -> Scalar { x * Sigmoid.value(of: x) }
}
