import LoopIR

struct Tan: UnaryOp {
  static let name = "tan"
  static let summary = "tangent of x in radians"
  static let onnx: [ONNXRule] = [reads("Tan")]

  func value(_ x: Scalar) -> Scalar { .unary(.tan, x) }
}
