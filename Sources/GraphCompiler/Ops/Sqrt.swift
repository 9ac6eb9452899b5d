import LoopIR

struct Sqrt: UnaryOp {
  static let name = "sqrt"
  static let summary = "square root"
  static let onnx: [ONNXRule] = [reads("Sqrt")]

  func value(_ x: Scalar) -> Scalar { .unary(.sqrt, x) }
}
