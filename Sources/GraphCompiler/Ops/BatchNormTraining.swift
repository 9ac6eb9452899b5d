import LoopIR

/// Batch normalization by the statistics of the batch, as a network in training uses it; beside it the running
/// statistics, which move toward those of the batch. The variance is that of the batch itself (divided by the count).
struct BatchNormTraining: NormalizingOp {
  static let name = "batch_norm_training"
  static let summary =
    "three results: batch_norm by the batch's own mean and variance, and the running mean and variance after it"
  static let operands = [
    Operand("x"), Operand("scale"), Operand("bias"), Operand("mean", isStatistic: true),
    Operand("variance", isStatistic: true),
  ]
  static let fields: [Field<Self>] = [
    epsilonField, .field("momentum", \.momentum, "share of the old running statistics in the new ones"),
  ]
  static let examples = [
    "batch_norm_training(f32[2, 3, 2, 4], f32[3], f32[3], f32[3], f32[3])",
    "batch_norm_training(f32[4, 2], f32[2], f32[2], f32[2], f32[2], epsilon: 0.1, momentum: 0.5)",
  ]

  var epsilon = 1e-5
  var momentum = 0.9

  init() {}

  init(epsilon: Double, momentum: Double) {
    (self.epsilon, self.momentum) = (epsilon, momentum)
  }

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    try requireChannelParameters(operands)
    try Self.requireFinite(momentum, field: "momentum")
    return [operands[0], operands[3], operands[4]]
  }

  func impliedParameters(_ given: [TensorType], _ arguments: LayerArguments) throws(OpError)
    -> [ImpliedParameter]
  {
    try BatchNorm().impliedParameters(given, arguments)
  }

  func expand(_ b: inout GraphBuilder, _ operands: [Value]) throws(OpError) -> [Value] {
    let axes = b.shape(of: operands[0]).indices.filter { $0 != 1 }
    let statistics = try statistics(&b, operands[0], axes: axes)
    let normal = try normalized(&b, statistics)
    let y = try scaledChannels(&b, normal, operands[1], operands[2])
    let mean = try running(&b, operands[3], statistics.mean)
    return [y, mean, try running(&b, operands[4], statistics.variance)]
  }

  private func running(_ b: inout GraphBuilder, _ old: Value, _ new: Value) throws(OpError) -> Value {
    let element = b.type(of: old).element
    let current = try b.apply(Reshape(to: b.shape(of: old)), new)
    let kept = try b.apply(Mul(), old, b.scalar(momentum, element))
    return try b.apply(Add(), kept, try b.apply(Mul(), current, b.scalar(1 - momentum, element)))
  }
}
