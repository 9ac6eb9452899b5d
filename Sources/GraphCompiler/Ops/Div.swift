import LoopIR

struct Div: BinaryOp {
  static let name = "div"
  static let summary = "a / b, with broadcasting"
  static let onnx: [ONNXRule] = [reads("Div")]

  func value(_ a: Scalar, _ b: Scalar) -> Scalar { a / b }
}
