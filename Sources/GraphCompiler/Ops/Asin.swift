import LoopIR

struct Asin: UnaryOp {
  static let name = "asin"
  static let summary = "the angle whose sine is x"
  static let onnx: [ONNXRule] = [reads("Asin")]

  func value(_ x: Scalar) -> Scalar { .unary(.asin, x) }
}
