import LoopIR

struct Add: BinaryOp {
  static let name = "add"
  static let summary = "a + b, with broadcasting"
  static let onnx: [ONNXRule] = [broadcasts("Add")]
  static let domain = ElementDomain.number
  static let examples = ["add(f32[2, 3], f32[2, 3])", "add(f32[2, 3, 4], f32[3, 1])", "add(i32[4], i32[])"]

  func value(_ a: Scalar, _ b: Scalar) -> Scalar { a + b }
}
