import LoopIR

/// Normalization of each example over groups of channels and their pixels.
struct GroupNorm: NormalizingOp {
  static let name = "group_norm"
  static let summary =
    "(x - mean) / sqrt(variance + epsilon) * scale[c] + bias[c], per group of channels (Wu & He 2018)"
  static let operands = [Operand("x"), Operand("scale"), Operand("bias")]
  static let fields: [Field<Self>] = [
    .field("groups", \.groups, "number of groups that the channels divide into"), epsilonField,
  ]
  static let examples = [
    "group_norm(f32[2, 4, 2, 3], f32[4], f32[4], groups: 2)",
    "group_norm(f32[1, 3, 5], f32[3], f32[3], groups: 3, epsilon: 0.1)",
    "group_norm(f32[2, 4], f32[4], f32[4], groups: 2)",
  ]

  var groups = 1
  var epsilon = 1e-5

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    try requireChannelParameters(operands)
    let channels = operands[0].shape[1]
    guard groups >= 1, channels >= 1, channels.isMultiple(of: groups) else {
      throw OpError(
        "the \(channels) channels of \(operands[0]) do not divide into \(groups) groups", at: .field("groups")
      )
    }
    return [operands[0]]
  }

  func impliedParameters(_ given: [TensorType], _ arguments: LayerArguments) throws(OpError)
    -> [ImpliedParameter]
  {
    Self.scaleAndBias(TensorType(given[0].element, [try Self.requireChannels(given[0])]))
  }

  func expand(_ b: inout GraphBuilder, _ operands: [Value]) throws(OpError) -> [Value] {
    let shape = b.shape(of: operands[0])
    let grouped = try b.apply(Reshape(to: [shape[0], groups, shape[1] / groups] + shape[2...]), operands[0])
    let normal = try normalized(&b, grouped, axes: Array(2...shape.count))
    let restored = try b.apply(Reshape(to: shape), normal)
    return [try scaledChannels(&b, restored, operands[1], operands[2])]
  }
}
