import LoopIR

struct Floor: UnaryOp {
  static let name = "floor"
  static let summary = "largest integer that is not above x"
  static let onnx: [ONNXRule] = [reads("Floor")]

  func value(_ x: Scalar) -> Scalar { .unary(.floor, x) }
}
