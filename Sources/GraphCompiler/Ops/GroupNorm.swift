import LoopIR

/// Normalization of each example over groups of channels and their pixels.
struct GroupNorm: NormalizingOp {
  static let name = "group_norm"
  static let summary =
    "(x - mean) / sqrt(variance + epsilon) * scale[c] + bias[c], per group of channels (Wu & He 2018)"
  static let operands = [Operand("x"), Operand("scale"), Operand("bias")]
  static let fields: [Field<Self>] = [
    .field("groups", \.groups, "number of groups that the channels divide into", onnx: "num_groups"),
    epsilonField,
  ]
  static let onnx: [ONNXRule] = [ONNXRule("GroupNormalization", readONNX)]
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

  /// Before operator set 21, scale and bias are those of the groups.
  private static func readONNX(_ call: ONNXCall) throws -> [Value?] {
    var op = Self()
    try op.adoptAttributes(of: call)
    call.ignore("stash_type")
    let x = try call.input(0)
    let channels = try requireChannels(call.type(x))
    var operands = [x]
    for place in 1...2 {
      var parameter = try call.input(place)
      if call.opset < 21, call.shape(parameter) == [op.groups], op.groups >= 1, channels.isMultiple(of: op.groups) {
        let column = try call.reshaped(parameter, [op.groups, 1])
        parameter = try call.reshaped(try call.expanded(column, [op.groups, channels / op.groups]), [channels])
      }
      operands.append(parameter)
    }
    return try call.applyAll(op, operands)
  }
}
