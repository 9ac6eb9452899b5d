import LoopIR

struct Softsign: UnaryOp {
  static let name = "softsign"
  static let summary = "x / (1 + |x|) (Turian et al. 2009)"

  func value(_ x: Scalar) -> Scalar { x / (1 + abs(x)) }
}
