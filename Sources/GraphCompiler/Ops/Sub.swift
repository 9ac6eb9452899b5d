import LoopIR

struct Sub: BinaryOp {
  static let name = "sub"
  static let summary = "a - b, with broadcasting"
  static let onnx: [ONNXRule] = [broadcasts("Sub")]
  static let domain = ElementDomain.number
  static let examples = ["sub(f32[2, 3], f32[2, 3])", "sub(f32[2, 3, 4], f32[3, 1])", "sub(i32[4], i32[])"]

  func value(_ a: Scalar, _ b: Scalar) -> Scalar { a - b }
}
