import LoopIR

struct Ceil: UnaryOp {
  static let name = "ceil"
  static let summary = "smallest integer that is not below x"
  static let onnx: [ONNXRule] = [reads("Ceil")]

  func value(_ x: Scalar) -> Scalar { .unary(.ceil, x) }
}
