import LoopIR

struct Softsign: UnaryOp {
  static let name = "softsign"
  static let summary = "x / (1 + |x|) (Turian et al. 2009)"
  static let onnx: [ONNXRule] = [reads("Softsign")]

  func value(_ x: Scalar) -> Scalar { x / (1 + abs(x)) }
}
