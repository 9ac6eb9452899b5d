import LoopIR

struct Atan: UnaryOp {
  static let name = "atan"
  static let summary = "the angle whose tangent is x"
  static let onnx: [ONNXRule] = [reads("Atan")]

  func value(_ x: Scalar) -> Scalar { .unary(.atan, x) }
}
