import LoopIR

struct Silu: UnaryOp {
  static let name = "silu"
  static let summary = "x * sigmoid(alpha * x), also called swish (Ramachandran et al. 2017)"
  static let fields: [Field<Self>] = [.field("alpha", \.alpha, "how sharp the bend is", onnx: "alpha")]
  static let onnx: [ONNXRule] = [reads("Swish", since: 24)]
  static let examples = ["silu(f32[2, 3, 4, 5])", "silu(f32[2, 3], alpha: 0.5)"]

  var alpha = 1.0

  func value(_ x: Scalar) -> Scalar { x * Sigmoid.value(of: alpha == 1 ? x : .constant(alpha) * x) }
}

extension Silu {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    // The operator itself came late.
    let inner = alpha == 1
      ? call.operands[0] : call.node("Mul", [call.operands[0], call.scalar(alpha, call.types[0].element)])
    call.finish("Mul", [call.operands[0], call.node("Sigmoid", [inner])])
    return true
  }
}
