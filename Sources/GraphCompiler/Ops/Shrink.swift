import LoopIR

/// Soft shrinkage where the bias equals the threshold, hard shrinkage without a bias.
struct Shrink: UnaryOp {
  static let name = "shrink"
  static let summary = "x + bias where x < -threshold, x - bias where x > threshold, else 0 (Donoho 1995)"
  static let fields: [Field<Self>] = [
    .field("threshold", \.threshold, "smaller magnitudes become 0", onnx: "lambd"),
    .field("bias", \.bias, "taken off the others", onnx: "bias"),
  ]
  static let onnx: [ONNXRule] = [reads("Shrink")]
  static let domain = ElementDomain.number
  static let examples = ["shrink(f32[2, 3, 4, 5])", "shrink(f32[2, 3], threshold: 0.4, bias: 0.25)"]

  var threshold = 0.5
  var bias = 0.0

  func value(_ x: Scalar) -> Scalar {
    let below = select(x .< .constant(-threshold), x + .constant(bias), 0)
    return select(.constant(threshold) .< x, x - .constant(bias), below)
  }
}
