import LoopIR

struct Log: UnaryOp {
  static let name = "log"
  static let summary = "natural logarithm"
  static let onnx: [ONNXRule] = [reads("Log")]

  func value(_ x: Scalar) -> Scalar { .unary(.log, x) }
}
