import LoopIR

struct BitAnd: BinaryOp {
  static let name = "bit_and"
  static let summary = "the bits that both integers have"
  static let onnx: [ONNXRule] = [broadcasts("BitwiseAnd")]
  static let domain = ElementDomain.integer
  static let examples = ["bit_and(i32[2, 3], i32[2, 3])", "bit_and(u8[2, 3, 4], u8[3, 1])"]

  func value(_ a: Scalar, _ b: Scalar) -> Scalar { .binary(.bitAnd, a, b) }
}
