import LoopIR

struct Reciprocal: UnaryOp {
  static let name = "reciprocal"
  static let summary = "1 / x"
  static let onnx: [ONNXRule] = [reads("Reciprocal")]

  func value(_ x: Scalar) -> Scalar { 1 / x }
}
