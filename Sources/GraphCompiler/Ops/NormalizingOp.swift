import LoopIR

/// Normalization by statistics of the data itself, then a learned scale and shift.
package protocol NormalizingOp: CompositeOp, LayerOp {
  /// Added to the variance, so that nothing is divided by 0.
  var epsilon: Double { get set }
}

/// What the data says of itself.
struct BatchStatistics {
  /// The data without its mean.
  var centered: Value
  var variance: Value
}

extension NormalizingOp {
  package static var layerArguments: [LayerArgument] { [] }

  package static var epsilonField: Field<Self> {
    .field("epsilon", \.epsilon, "added to the variance", onnx: "epsilon")
  }

  /// Mean and variance over the axes, which keep extent 1.
  func statistics(_ b: inout GraphBuilder, _ x: Value, axes: [Int]) throws(OpError) -> BatchStatistics {
    let mean = try b.apply(ReduceMean(axes: axes), x)
    let variance = try b.apply(ReduceVariance(axes: axes), x, mean)
    return BatchStatistics(centered: try b.apply(Sub(), x, mean), variance: variance)
  }

  /// `(x - mean) / sqrt(variance + epsilon)`.
  func normalized(_ b: inout GraphBuilder, _ statistics: BatchStatistics) throws(OpError) -> Value {
    let offset = b.scalar(epsilon, b.type(of: statistics.variance).element)
    let deviation = try b.apply(Sqrt(), try b.apply(Add(), statistics.variance, offset))
    return try b.apply(Div(), statistics.centered, deviation)
  }

  /// The same with mean and variance over the axes.
  func normalized(_ b: inout GraphBuilder, _ x: Value, axes: [Int]) throws(OpError) -> Value {
    try normalized(&b, try statistics(&b, x, axes: axes))
  }

  /// `x * scale[c] + bias[c]`, the channel being axis 1.
  func scaledChannels(
    _ b: inout GraphBuilder, _ x: Value, _ scale: Value, _ bias: Value
  ) throws(OpError) -> Value {
    let shape = [b.shape(of: scale)[0]] + b.shape(of: x)[2...].map { _ in 1 }
    let factor = try b.apply(Reshape(to: shape), scale)
    let shift = try b.apply(Reshape(to: shape), bias)
    return try b.apply(Add(), try b.apply(Mul(), x, factor), shift)
  }

  /// Checks of an operator that scales channels: operands `x`, `scale[C]`, `bias[C]`.
  func requireChannelParameters(_ operands: [TensorType]) throws(OpError) {
    _ = try Self.requireSame(operands, in: .floating)
    try Self.requireFinite(epsilon, field: "epsilon", atLeast: 0)
    let channels = try Self.requireChannels(operands[0])
    for place in 1..<operands.count {
      try Self.requireShape(operands[place], [channels], operand: place, for: "input \(operands[0])")
    }
  }

  static func scaleAndBias(_ type: TensorType) -> [ImpliedParameter] {
    [ImpliedParameter("scale", type, .ones), ImpliedParameter("bias", type, .zeros)]
  }
}

extension Reshape {
  init(to shape: [Int]) {
    self.shape = shape
    allowZero = true
  }
}
