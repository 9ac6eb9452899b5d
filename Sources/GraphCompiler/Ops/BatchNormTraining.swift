import LoopIR

/// Batch normalization by the statistics of the batch, as a network in training uses it; beside it the running
/// statistics, which move toward those of the batch.
struct BatchNormTraining: NormalizingOp, PullbackRule {
  static let name = "batch_norm_training"
  static let summary =
    "three results: batch_norm by the batch's own mean and variance, and the running mean and variance after it"
  static let operands = BatchNorm.operands
  static let fields: [Field<Self>] = [
    epsilonField, .field("momentum", \.momentum, "share of the batch in the new running statistics"),
    .field("unbiased", \.unbiased, "whether the running variance is divided by one less than the count"),
  ]
  static let examples = [
    "batch_norm_training(f32[2, 3, 2, 4], f32[3], f32[3], f32[3], f32[3])",
    "batch_norm_training(f32[4, 2], f32[2], f32[2], f32[2], f32[2], epsilon: 0.1, momentum: 0.5)",
    "batch_norm_training(f32[2, 2, 3], f32[2], f32[2], f32[2], f32[2], unbiased: true)",
  ]

  var epsilon = 1e-5
  var momentum = 0.1
  var unbiased = false

  init() {}

  init(epsilon: Double, momentum: Double, unbiased: Bool) {
    (self.epsilon, self.momentum, self.unbiased) = (epsilon, momentum, unbiased)
  }

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    try requireChannelParameters(operands)
    try Self.requireFinite(momentum, field: "momentum")
    if unbiased, count(operands[0].shape) < 2 {
      throw OpError(
        "batch normalization in training takes its statistics from several numbers a channel, \(operands[0]) has "
          + "\(count(operands[0].shape))", at: .operand(0),
        help: "train with a larger batch, as in '--set N=32'")
    }
    return [operands[0], operands[3], operands[4]]
  }

  func impliedParameters(_ given: [TensorType], _ arguments: LayerArguments) throws(OpError)
    -> [ImpliedParameter]
  {
    try BatchNorm().impliedParameters(given, arguments)
  }

  func expand(_ b: inout GraphBuilder, _ operands: [Value]) throws(OpError) -> [Value] {
    let (mean, variance) = try moments(&b, operands[0])
    let running = [
      try b.movingAverage(operands[3], mean, decay: 1 - momentum),
      try b.sum(
        operands[4], times: 1 - momentum, try b.scaled(variance, by: momentum * correction(&b, operands))),
    ]
    return [try b.apply(normalization, operands[0], operands[1], operands[2], mean, variance)] + running
  }

  private var normalization: BatchNorm {
    var op = BatchNorm()
    op.epsilon = epsilon
    return op
  }

  /// Mean and variance of every channel.
  private func moments(_ b: inout GraphBuilder, _ x: Value) throws(OpError) -> (mean: Value, variance: Value)
  {
    let axes = b.shape(of: x).indices.filter { $0 != 1 }
    let mean = try b.apply(ReduceMean(axes: axes, keep: false), x)
    return (mean, try b.apply(ReduceVariance(axes: axes, keep: false), x, mean))
  }

  /// How many numbers a channel has.
  private func count(_ shape: [Int]) -> Int {
    shape.enumerated().reduce(1) { $1.offset == 1 ? $0 : $0 * $1.element }
  }

  /// What makes the batch's variance an unbiased estimate of that of all data (Bessel).
  private func correction(_ b: inout GraphBuilder, _ operands: [Value]) -> Double {
    let count = Double(count(b.shape(of: operands[0])))
    return unbiased ? count / (count - 1) : 1
  }

  // MARK: Gradient

  /// The gradient goes through the statistics as well: with `n` the normalized data and `M` numbers a channel,
  ///
  ///     dscale = sum(dy n)     dbias = sum(dy)     dx = scale / deviation * (dy - (dbias + n dscale) / M)
  ///
  /// The subtrahend is again a batch_norm of `x`. Mean and variance stand here as in the body, where they are computed.
  func pullback(_ b: inout GraphBuilder, _ use: DifferentiatedUse) throws(OpError) -> [Value?] {
    let (x, scale) = (use.operands[0], use.operands[1])
    let (mean, variance) = try moments(&b, x)
    let normalized = [x, scale, use.operands[2], mean, variance]
    let element = b.type(of: x).element
    let deviation = try b.apply(Sqrt(), try b.apply(Add(), variance, b.scalar(epsilon, element)))
    let share = 1 / Double(count(b.shape(of: x)))
    var gradients = [Value?](repeating: nil, count: 5)
    // What dx loses: a batch_norm of x with this scale and this bias.
    var (lostScale, lostBias): (Value?, Value?)
    if let dy = use.cotangents[0] {
      let types = b.graph.types(of: normalized)
      let operation = OperatorUse(normalization, types, [types[0]])
      for place in 0..<3 { gradients[place] = try b.adjoint(operation, wrt: place, dy, normalized) }
      let factor = try b.scaled(try b.apply(Div(), scale, deviation), by: share)
      if let dscale = gradients[1] { lostScale = try b.apply(Mul(), factor, dscale) }
      if let dbias = gradients[2] { lostBias = try b.apply(Mul(), factor, dbias) }
    }
    if let dmean = use.cotangents[1] {
      gradients[3] = try b.scaled(dmean, by: 1 - momentum)
      lostBias = try b.sum(dmean, times: -momentum * share, lostBias ?? b.zeros(like: dmean))
    }
    if let dvariance = use.cotangents[2] {
      gradients[4] = try b.scaled(dvariance, by: 1 - momentum)
      let slope = -2 * share * momentum * correction(&b, use.operands)
      let loss = try b.apply(Mul(), dvariance, deviation)
      lostScale = try b.sum(loss, times: slope, lostScale ?? b.zeros(like: loss))
    }
    if use.isWanted[0] {
      let zeros = b.zeros(like: mean)
      let lost = try b.apply(normalization, x, lostScale ?? zeros, lostBias ?? zeros, mean, variance)
      if let dx = gradients[0] {
        gradients[0] = try b.apply(Sub(), dx, lost)
      } else {
        gradients[0] = try b.apply(Neg(), lost)
      }
    }
    return gradients
  }
}
