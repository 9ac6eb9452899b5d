import LoopIR

/// The logistic function. Far below zero `e^-x` becomes infinite and the value 0, as it should.
struct Sigmoid: UnaryOp {
  static let name = "sigmoid"
  static let summary = "1 / (1 + e^-x)"

  func value(_ x: Scalar) -> Scalar { 1 / (1 + exp(-x)) }
}
