import LoopIR

struct Atanh: UnaryOp {
  static let name = "atanh"
  static let summary = "inverse of tanh"
  static let onnx: [ONNXRule] = [reads("Atanh")]

  func value(_ x: Scalar) -> Scalar { .unary(.atanh, x) }
}
