import LoopIR

struct Identity: UnaryOp {
  static let name = "identity"
  static let summary = "x"
  static let onnx: [ONNXRule] = [reads("Identity")]
  static let domain = ElementDomain.any

  var keepsRowMajorOrder: Bool { true }

  func value(_ x: Scalar) -> Scalar { x }
}
