import LoopIR

struct And: BinaryOp {
  static let name = "and"
  static let summary = "true where both are"
  static let onnx: [ONNXRule] = [broadcasts("And")]
  static let domain = ElementDomain.logic
  static let examples = ["and(bool[2, 3], bool[2, 3])", "and(bool[2, 3, 4], bool[3, 1])"]

  func value(_ a: Scalar, _ b: Scalar) -> Scalar { .binary(.and, a, b) }
}
