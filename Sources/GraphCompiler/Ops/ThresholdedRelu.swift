import LoopIR

struct ThresholdedRelu: UnaryOp {
  static let name = "thresholded_relu"
  static let summary = "x where x > alpha, else 0 (Konda et al. 2014)"
  static let fields: [Field<Self>] = [.field("alpha", \.alpha, "the threshold", onnx: "alpha")]
  static let onnx: [ONNXRule] = [reads("ThresholdedRelu")]
  static let examples = ["thresholded_relu(f32[2, 3, 4, 5])", "thresholded_relu(f32[2, 3], alpha: 0.5)"]

  var alpha = 1.0

  func value(_ x: Scalar) -> Scalar { select(.constant(alpha) .< x, x, 0) }
}
