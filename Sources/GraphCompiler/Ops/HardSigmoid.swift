import LoopIR

struct HardSigmoid: UnaryOp {
  static let name = "hard_sigmoid"
  static let summary = "max(0, min(1, alpha * x + beta)) (Courbariaux et al. 2015)"
  static let fields: [Field<Self>] = [
    .field("alpha", \.alpha, "slope in the middle"),
    .field("beta", \.beta, "value at 0"),
  ]
  static let examples = ["hard_sigmoid(f32[2, 3, 4, 5])", "hard_sigmoid(f32[2, 3], alpha: 0.2)"]

  var alpha = 1.0 / 6
  var beta = 0.5

  func value(_ x: Scalar) -> Scalar { max(0, min(1, .constant(alpha) * x + .constant(beta))) }
}
