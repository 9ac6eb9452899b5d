import LoopIR

/// Stochastic pooling as it infers: the mean of every window, each pixel weighted by the probability with
/// which training would have picked it, its activation over the sum of all. Activations below zero count as 0
/// (the paper pools after a rectifier); a window without any activation yields 0.
struct StochasticPool: CompositeOp, DilatedPoolOp {
  static let name = "stochastic_pool"
  static let summary =
    "sum(a^2) / sum(a) over every window, a = max(x, 0); 0 where all are 0 (Zeiler & Fergus 2013)"
  static let fields = dilatedWindowFields
  static let examples = [
    "stochastic_pool(f32[1, 2, 4, 6], kernel: 2)",
    "stochastic_pool(f32[2, 1, 9], kernel: 3, stride: 2, pad: 1)",
    "stochastic_pool(f32[1, 1, 6, 7], kernel: 3, stride: 2, ceil: true)",
  ]

  var kernel: [Int] = []
  var stride: [Int] = []
  var pad = Padding.numbers([0])
  var dilation = [1]
  var ceil = false

  /// Means stand for sums: both have the same divisor.
  func expand(_ b: inout GraphBuilder, _ operands: [Value]) throws(OpError) -> [Value] {
    let activation = try b.apply(Relu(), operands[0])
    let square = try b.apply(Mul(), activation, activation)
    let mean = try b.apply(sameWindow(as: Avgpool()), activation)
    let meanSquare = try b.apply(sameWindow(as: Avgpool()), square)
    let zero = b.scalar(0, b.type(of: mean).element)
    let isSilent = try b.apply(Equal(), mean, zero)
    return [try b.apply(Where(), isSilent, zero, try b.apply(Div(), meanSquare, mean))]
  }
}
