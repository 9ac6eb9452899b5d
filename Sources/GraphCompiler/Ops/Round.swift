import LoopIR

struct Round: UnaryOp {
  static let name = "round"
  static let summary = "nearest integer, halves to even"
  static let onnx: [ONNXRule] = [reads("Round")]

  func value(_ x: Scalar) -> Scalar { .unary(.round, x) }
}
