import LoopIR

struct Mul: BinaryOp {
  static let name = "mul"
  static let summary = "a * b, with broadcasting"
  static let onnx: [ONNXRule] = [broadcasts("Mul")]
  static let domain = ElementDomain.number
  static let examples = ["mul(f32[2, 3], f32[2, 3])", "mul(f32[2, 3, 4], f32[3, 1])", "mul(i32[4], i32[])"]

  func value(_ a: Scalar, _ b: Scalar) -> Scalar { a * b }
}
