import LoopIR

struct Acos: UnaryOp {
  static let name = "acos"
  static let summary = "the angle whose cosine is x"
  static let onnx: [ONNXRule] = [reads("Acos")]

  func value(_ x: Scalar) -> Scalar { .unary(.acos, x) }
}
