import LoopIR

struct Sin: UnaryOp {
  static let name = "sin"
  static let summary = "sine of x in radians"
  static let onnx: [ONNXRule] = [reads("Sin")]

  func value(_ x: Scalar) -> Scalar { .unary(.sin, x) }
}
