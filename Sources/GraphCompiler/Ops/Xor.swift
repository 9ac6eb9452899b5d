import LoopIR

struct Xor: BinaryOp {
  static let name = "xor"
  static let summary = "true where one is, not both"
  static let onnx: [ONNXRule] = [broadcasts("Xor")]
  static let domain = ElementDomain.logic
  static let examples = ["xor(bool[2, 3], bool[2, 3])", "xor(bool[2, 3, 4], bool[3, 1])"]

  func value(_ a: Scalar, _ b: Scalar) -> Scalar { a .!= b }
}
