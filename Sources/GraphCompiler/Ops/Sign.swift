import LoopIR

/// The sign. Zeros and NaN stay what they are.
struct Sign: UnaryOp, PullbackRule {
  static let name = "sign"
  static let summary = "1 where x > 0, -1 where x < 0, 0 at 0: the perceptron's threshold (Rosenblatt 1958)"
  static let onnx: [ONNXRule] = [reads("Sign")]
  static let domain = ElementDomain.number
  static let examples = ["sign(f32[2, 3, 4, 5])", "sign(i32[4])"]

  func value(_ x: Scalar) -> Scalar { select(0 .< x, 1, select(x .< 0, -1, x)) }

  /// Nothing flows; the expression, which hands NaN through, would have slope 1 at 0.
  func pullback(_ b: inout GraphBuilder, _ use: DifferentiatedUse) -> [Value?] { [nil] }
}
