import LoopIR

/// The self-normalizing exponential linear unit.
struct Selu: ExponentialLinear {
  static let name = "selu"
  static let summary = "scale * elu(x, alpha), which keeps mean 0, variance 1 (Klambauer et al. 2017)"
  static let fields: [Field<Self>] = [
    .field("alpha", \.alpha, "the value is never below -scale * alpha", onnx: "alpha"),
    .field("scale", \.scale, "slope above zero", onnx: "gamma"),
  ]
  static let onnx: [ONNXRule] = [reads("Selu")]
  static let examples = ["selu(f32[2, 3, 4, 5])", "selu(f32[2, 3], alpha: 2, scale: 3)"]

  var alpha = 1.6732632423543772
  var scale = 1.0507009873554805

  var slopeAbove: Double { scale }
  var lowest: Double { scale * alpha }

  func value(_ x: Scalar) -> Scalar {
    let below = .constant(alpha) * (exp(x) - 1)
    return .constant(scale) * select(0 .< x, x, below)
  }
}
