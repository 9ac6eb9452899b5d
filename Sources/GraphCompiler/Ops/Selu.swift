import LoopIR

/// The self-normalizing exponential linear unit.
struct Selu: UnaryOp {
  static let name = "selu"
  static let summary = "scale * elu(x, alpha), which keeps mean 0, variance 1 (Klambauer et al. 2017)"

  private static let alpha = 1.6732632423543772
  private static let scale = 1.0507009873554805

  func value(_ x: Scalar) -> Scalar {
    let below = .constant(Self.alpha) * (exp(x) - 1)
    return .constant(Self.scale) * select(0 .< x, x, below)
  }
}
