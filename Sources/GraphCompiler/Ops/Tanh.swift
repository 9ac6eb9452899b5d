import LoopIR

struct Tanh: UnaryOp {
  static let name = "tanh"
  static let summary = "(e^x - e^-x) / (e^x + e^-x)"
  static let onnx: [ONNXRule] = [reads("Tanh")]

  func value(_ x: Scalar) -> Scalar { .unary(.tanh, x) }
}
