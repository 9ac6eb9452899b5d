import LoopIR

struct Neg: UnaryOp {
  static let name = "neg"
  static let summary = "-x"
  static let onnx: [ONNXRule] = [reads("Neg")]
  static let domain = ElementDomain.signed
  static let examples = ["neg(f32[2, 3, 4, 5])", "neg(i32[4])"]

  func value(_ x: Scalar) -> Scalar { -x }
}
