import LoopIR

struct Not: UnaryOp {
  static let name = "not"
  static let summary = "true where x is false"
  static let onnx: [ONNXRule] = [reads("Not")]
  static let domain = ElementDomain.logic
  static let examples = ["not(bool[2, 3])"]

  func value(_ x: Scalar) -> Scalar { .unary(.not, x) }
}
