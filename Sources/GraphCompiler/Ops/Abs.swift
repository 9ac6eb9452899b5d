import LoopIR

struct Abs: UnaryOp {
  static let name = "abs"
  static let summary = "|x|"
  static let onnx: [ONNXRule] = [reads("Abs")]
  static let domain = ElementDomain.number
  static let examples = ["abs(f32[2, 3, 4, 5])", "abs(i32[4])"]

  func value(_ x: Scalar) -> Scalar { abs(x) }
}
