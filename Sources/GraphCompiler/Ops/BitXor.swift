import LoopIR

struct BitXor: BinaryOp {
  static let name = "bit_xor"
  static let summary = "the bits that one of the integers has, not both"
  static let onnx: [ONNXRule] = [broadcasts("BitwiseXor")]
  static let domain = ElementDomain.integer
  static let examples = ["bit_xor(i32[2, 3], i32[2, 3])", "bit_xor(u8[2, 3, 4], u8[3, 1])"]

  func value(_ a: Scalar, _ b: Scalar) -> Scalar { .binary(.bitXor, a, b) }
}
