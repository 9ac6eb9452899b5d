import LoopIR

/// The loss of a network that ends in softmax. Logarithms stop at -100.
struct CrossEntropyProbabilities: LossOp {
  static let name = "cross_entropy_probabilities"
  static let summary = "-log p[label], mean over the batch (Bishop 2006, 4.108)"
  static let operands = [Operand("p"), Operand("label")]
  static let examples = [
    "cross_entropy_probabilities(f32[4, 3], i32[4])",
    "cross_entropy_probabilities(f32[2, 3, 2], i64[2, 2], reduction: \"none\")",
  ]

  var reduction = LossReduction.mean

  func sampleShape(_ operands: [TensorType]) throws(OpError) -> [Int] {
    try ClassLabels.check(operands[0], operands[1], of: Self.name)
  }

  func losses(_ b: inout GraphBuilder, _ operands: [Value]) throws(OpError) -> Value {
    let oneHot = try ClassLabels.oneHot(&b, operands[1], classes: b.shape(of: operands[0])[1])
    let logarithm = try b.apply(ClampedLog(), operands[0])
    return try b.apply(Neg(), try ClassLabels.pick(&b, logarithm, oneHot))
  }
}
