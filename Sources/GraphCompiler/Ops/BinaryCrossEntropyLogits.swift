import LoopIR

/// `binary_cross_entropy(sigmoid(z), t)`, without the overflow of either logarithm.
struct BinaryCrossEntropyLogits: TargetLossOp {
  static let name = "binary_cross_entropy_logits"
  static let summary = "max(z, 0) - z t + log(1 + e^-|z|), sum over outputs, mean over the batch"
  static let operands = [Operand("z"), Operand("t")]

  var reduction = LossReduction.mean

  func outputLosses(_ b: inout GraphBuilder, _ z: Value, _ target: Value) throws(OpError) -> Value {
    let product = try b.apply(Mul(), z, target)
    return try b.apply(Sub(), try b.apply(Softplus(), z), product)
  }
}
