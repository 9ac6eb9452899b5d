import LoopIR

struct Sinh: UnaryOp {
  static let name = "sinh"
  static let summary = "(e^x - e^-x) / 2"
  static let onnx: [ONNXRule] = [reads("Sinh")]

  func value(_ x: Scalar) -> Scalar { .unary(.sinh, x) }
}
