import LoopIR

struct HardSigmoid: UnaryOp {
  static let name = "hard_sigmoid"
  static let summary = "max(0, min(1, alpha * x + beta)) (Courbariaux et al. 2015)"
  static let fields: [Field<Self>] = [
    .field("alpha", \.alpha, "slope in the middle", onnx: "alpha"),
    .field("beta", \.beta, "value at 0", onnx: "beta"),
  ]
  static let onnx: [ONNXRule] = [
    reads("HardSigmoid", isInvertible: true) { op, call in op.alpha = try call.float("alpha", default: 0.2) }
  ]
  static let examples = ["hard_sigmoid(f32[2, 3, 4, 5])", "hard_sigmoid(f32[2, 3], alpha: 0.2)"]

  var alpha = 1.0 / 6
  var beta = 0.5

  func value(_ x: Scalar) -> Scalar { max(0, min(1, .constant(alpha) * x + .constant(beta))) }
}
