import LoopIR

struct Asinh: UnaryOp {
  static let name = "asinh"
  static let summary = "inverse of sinh"
  static let onnx: [ONNXRule] = [reads("Asinh")]

  func value(_ x: Scalar) -> Scalar { .unary(.asinh, x) }
}
