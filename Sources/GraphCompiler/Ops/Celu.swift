import LoopIR

struct Celu: ExponentialLinear {
  static let name = "celu"
  static let summary = "x where x > 0, else alpha * (e^(x / alpha) - 1) (Barron 2017)"
  static let fields: [Field<Self>] = [.field("alpha", \.alpha, "the value is never below -alpha", onnx: "alpha")]
  static let onnx: [ONNXRule] = [reads("Celu")]
  static let examples = ["celu(f32[2, 3, 4, 5])", "celu(f32[2, 3], alpha: 0.5)"]

  var alpha = 1.0

  var lowest: Double { alpha }
  var width: Double { alpha }

  func value(_ x: Scalar) -> Scalar {
    let below = .constant(alpha) * (exp(x / .constant(alpha)) - 1)
    return select(0 .< x, x, below)
  }
}
