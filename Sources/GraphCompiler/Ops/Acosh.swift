import LoopIR

struct Acosh: UnaryOp {
  static let name = "acosh"
  static let summary = "inverse of cosh"
  static let onnx: [ONNXRule] = [reads("Acosh")]
  static let examples = ["acosh(f32[2, 3, 4, 5] + 1)"]

  func value(_ x: Scalar) -> Scalar { .unary(.acosh, x) }
}
