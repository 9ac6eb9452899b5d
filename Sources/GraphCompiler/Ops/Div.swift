import LoopIR

struct Div: BinaryOp {
  static let name = "div"
  static let summary = "a / b, with broadcasting; of integers, toward zero (by 0: 0)"
  static let onnx: [ONNXRule] = [broadcasts("Div")]
  static let domain = ElementDomain.number
  static let examples = ["div(f32[2, 3], f32[2, 3])", "div(f32[2, 3, 4], f32[3, 1])", "div(i32[4], i32[])"]

  func value(_ a: Scalar, _ b: Scalar) -> Scalar { a / b }
}
