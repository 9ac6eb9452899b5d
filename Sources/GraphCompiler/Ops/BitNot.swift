import LoopIR

/// In two's complement the bits that x does not have make -1 - x; unsigned types wrap.
struct BitNot: UnaryOp {
  static let name = "bit_not"
  static let summary = "the bits that the integer does not have"
  static let onnx: [ONNXRule] = [reads("BitwiseNot")]
  static let domain = ElementDomain.integer
  static let examples = ["bit_not(i32[2, 3])", "bit_not(u8[4])"]

  func value(_ x: Scalar) -> Scalar { -x - 1 }
}
