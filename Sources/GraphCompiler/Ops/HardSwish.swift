import LoopIR

struct HardSwish: UnaryOp {
  static let name = "hard_swish"
  static let summary = "x * max(0, min(1, x / 6 + 1 / 2)) (Howard et al. 2019)"
  static let onnx: [ONNXRule] = [reads("HardSwish")]

  func value(_ x: Scalar) -> Scalar { x * HardSigmoid().value(x) }
}
