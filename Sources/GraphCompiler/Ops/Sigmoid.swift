import LoopIR

/// The logistic function. Below -88 it stays at 1e-38, so that neither `e^-x` nor the slope `e^-x / (1 + e^-x)^2`
/// becomes infinity over infinity in single precision.
struct Sigmoid: UnaryOp {
  static let name = "sigmoid"
  static let summary = "1 / (1 + e^-x)"
  static let onnx: [ONNXRule] = [reads("Sigmoid")]

  /// The expression, also for silu.
  static func value(of x: Scalar) -> Scalar { 1 / (1 + exp(-max(x, -88))) }

  func value(_ x: Scalar) -> Scalar { Self.value(of: x) }
}
