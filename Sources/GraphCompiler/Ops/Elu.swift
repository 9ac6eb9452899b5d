import LoopIR

struct Elu: ExponentialLinear {
  static let name = "elu"
  static let summary = "x where x > 0, else alpha * (e^x - 1) (Clevert et al. 2016)"
  static let fields: [Field<Self>] = [.field("alpha", \.alpha, "the value is never below -alpha", onnx: "alpha")]
  static let onnx: [ONNXRule] = [reads("Elu")]
  static let examples = ["elu(f32[2, 3, 4, 5])", "elu(f32[2, 3], alpha: 0.5)", "elu(f32[2, 3], alpha: -0.5)"]

  var alpha = 1.0

  var lowest: Double { alpha }

  func value(_ x: Scalar) -> Scalar {
    let below = .constant(alpha) * (exp(x) - 1)
    return select(0 .< x, x, below)
  }
}
