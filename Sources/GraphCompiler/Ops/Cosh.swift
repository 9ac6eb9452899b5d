import LoopIR

struct Cosh: UnaryOp {
  static let name = "cosh"
  static let summary = "(e^x + e^-x) / 2"
  static let onnx: [ONNXRule] = [reads("Cosh")]

  func value(_ x: Scalar) -> Scalar { .unary(.cosh, x) }
}
