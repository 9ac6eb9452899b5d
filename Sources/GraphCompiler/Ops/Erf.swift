import LoopIR

struct Erf: UnaryOp {
  static let name = "erf"
  static let summary = "2 / sqrt(pi) * integral of exp(-t^2) from 0 to x"
  static let onnx: [ONNXRule] = [reads("Erf")]

  func value(_ x: Scalar) -> Scalar { erf(x) }
}
