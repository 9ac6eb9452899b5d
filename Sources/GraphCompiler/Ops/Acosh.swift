import LoopIR

struct Acosh: UnaryOp {
  static let name = "acosh"
  static let summary = "inverse of cosh"
  static let onnx: [ONNXRule] = [reads("Acosh")]

  func value(_ x: Scalar) -> Scalar { .unary(.acosh, x) }
}
