import LoopIR

/// A smooth `max(x, 0)`, written as `max(x, 0) + log(1 + e^-|x|)` so that nothing overflows.
struct Softplus: UnaryOp {
  static let name = "softplus"
  static let summary = "log(1 + e^x) (Dugas et al. 2001)"
  static let onnx: [ONNXRule] = [reads("Softplus")]

  /// The expression, also for mish. Branches in place of `max` and `|x|` give the slope 1/2 at 0.
  static func value(of x: Scalar) -> Scalar {
    let isPositive: Scalar = 0 .< x
    let decay = exp(select(isPositive, -x, x))
    return select(isPositive, x, 0) + log(1 + decay)
  }

  func value(_ x: Scalar) -> Scalar { Self.value(of: x) }
}
