import LoopIR

struct LeakyRelu: UnaryOp {
  static let name = "leaky_relu"
  static let summary = "x where x > 0, else alpha * x (Maas et al. 2013)"
  static let fields: [Field<Self>] = [.field("alpha", \.alpha, "slope below zero", onnx: "alpha")]
  static let onnx: [ONNXRule] = [reads("LeakyRelu")]
  static let examples = ["leaky_relu(f32[2, 3, 4, 5])", "leaky_relu(f32[2, 3], alpha: 0.2)"]

  var alpha = 0.01

  func value(_ x: Scalar) -> Scalar { select(0 .< x, x, .constant(alpha) * x) }
}
