import LoopIR

struct Or: BinaryOp {
  static let name = "or"
  static let summary = "true where one is"
  static let onnx: [ONNXRule] = [broadcasts("Or")]
  static let domain = ElementDomain.logic
  static let examples = ["or(bool[2, 3], bool[2, 3])", "or(bool[2, 3, 4], bool[3, 1])"]

  func value(_ a: Scalar, _ b: Scalar) -> Scalar { .binary(.or, a, b) }
}
