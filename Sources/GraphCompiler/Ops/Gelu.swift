import LoopIR

/// The Gaussian error linear unit: `x / 2 * (1 + erf(x / sqrt 2))`, or its approximation
/// `x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)))`.
struct Gelu: UnaryOp {
  static let name = "gelu"
  static let summary = "x * P(Z <= x) for normal Z (Hendrycks & Gimpel 2016)"
  static let fields: [Field<Self>] = [
    .field("approximate", \.approximate, "\"none\", or \"tanh\" for the approximation without erf", onnx: "approximate")
  ]
  static let onnx: [ONNXRule] = [reads("Gelu", since: 20)]
  static let examples = ["gelu(f32[2, 3, 4, 5])", "gelu(f32[2, 3], approximate: \"tanh\")"]

  enum Approximation: String, WordAttribute { case none, tanh }
  var approximate = Approximation.none

  func value(_ x: Scalar) -> Scalar {
    switch approximate {
    case .none:
      let scaled = x * .constant(0.5.squareRoot())
      return x * 0.5 * (1 + erf(scaled))
    case .tanh:
      let cubic = x + 0.044715 * x * x * x
      let factor = (2 / Double.pi).squareRoot()
      return x * 0.5 * (1 + tanh(.constant(factor) * cubic))
    }
  }
}
