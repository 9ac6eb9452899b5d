import LoopIR

struct Cos: UnaryOp {
  static let name = "cos"
  static let summary = "cosine of x in radians"
  static let onnx: [ONNXRule] = [reads("Cos")]

  func value(_ x: Scalar) -> Scalar { .unary(.cos, x) }
}
