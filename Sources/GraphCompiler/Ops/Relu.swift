import LoopIR

struct Relu: UnaryOp {
  static let name = "relu"
  static let summary = "max(x, 0) (Nair & Hinton 2010)"
  static let onnx: [ONNXRule] = [reads("Relu")]
  static let domain = ElementDomain.number

  func value(_ x: Scalar) -> Scalar { max(x, 0) }
}
