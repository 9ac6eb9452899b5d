import LoopIR

struct BitOr: BinaryOp {
  static let name = "bit_or"
  static let summary = "the bits that one of the integers has"
  static let onnx: [ONNXRule] = [broadcasts("BitwiseOr")]
  static let domain = ElementDomain.integer
  static let examples = ["bit_or(i32[2, 3], i32[2, 3])", "bit_or(u8[2, 3, 4], u8[3, 1])"]

  func value(_ a: Scalar, _ b: Scalar) -> Scalar { .binary(.bitOr, a, b) }
}
