import LoopIR

struct Mish: UnaryOp {
  static let name = "mish"
  static let summary = "x * tanh(log(1 + e^x)) (Misra 2019)"
  static let onnx: [ONNXRule] = [reads("Mish")]

  func value(_ x: Scalar) -> Scalar { x * tanh(Softplus.value(of: x)) }
}
