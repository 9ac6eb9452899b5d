import LoopIR

struct Exp: UnaryOp {
  static let name = "exp"
  static let summary = "e^x"
  static let onnx: [ONNXRule] = [reads("Exp")]

  func value(_ x: Scalar) -> Scalar { .unary(.exp, x) }
}
