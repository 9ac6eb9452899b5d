import LoopIR

/// Normalization of each channel of each example over its pixels.
struct InstanceNorm: NormalizingOp {
  static let name = "instance_norm"
  static let summary =
    "(x - mean) / sqrt(variance + epsilon) * scale[c] + bias[c], per channel (Ulyanov et al. 2016)"
  static let operands = [Operand("x"), Operand("scale"), Operand("bias")]
  static let fields: [Field<Self>] = [epsilonField]
  static let onnx: [ONNXRule] = [
    reads("InstanceNormalization", isInvertible: true) { _, call in
      if call.opset < 6 { call.ignore("consumed_inputs") }
    }
  ]
  static let examples = [
    "instance_norm(f32[2, 3, 2, 4], f32[3], f32[3])",
    "instance_norm(f32[1, 2, 5], f32[2], f32[2], epsilon: 0.1)",
  ]

  var epsilon = 1e-5

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    try requireChannelParameters(operands)
    guard operands[0].rank >= 3 else {
      throw OpError("'instance_norm' takes [N, C, spatial…], found \(operands[0])", at: .operand(0))
    }
    return [operands[0]]
  }

  func impliedParameters(_ given: [TensorType], _ arguments: LayerArguments) throws(OpError)
    -> [ImpliedParameter]
  {
    Self.scaleAndBias(TensorType(given[0].element, [try Self.requireChannels(given[0])]))
  }

  func expand(_ b: inout GraphBuilder, _ operands: [Value]) throws(OpError) -> [Value] {
    let axes = Array(2..<b.shape(of: operands[0]).count)
    let normal = try normalized(&b, operands[0], axes: axes)
    return [try scaledChannels(&b, normal, operands[1], operands[2])]
  }
}
