import LoopIR

/// The loss of a network that ends in `log_softmax`.
struct NegativeLogLikelihood: ClassLossOp {
  static let name = "negative_log_likelihood"
  static let summary =
    "-log p[label] of logarithms, times weight[label], mean over the batch (Bishop 2006, 4.108)"
  static let operands = [Operand("log_p"), Operand("label"), Operand("weight", .optional)]
  static let fields: [Field<Self>] = [ignoreIndexField, reductionField]
  static let onnx: [ONNXRule] = [
    reads("NegativeLogLikelihoodLoss") { op, call in
      op.ignoreIndex = try call.int("ignore_index").map { [$0] } ?? []
    }
  ]
  static let examples = [
    "negative_log_likelihood(f32[4, 3], i32[4])", "negative_log_likelihood(f32[2, 3, 2], i64[2, 2], f32[3])",
    "negative_log_likelihood(f32[4, 3], i32[4], f32[3], ignore_index: 1, reduction: \"none\")",
  ]

  var ignoreIndex: [Int] = []
  var reduction = LossReduction.mean

  func losses(_ b: inout GraphBuilder, _ operands: [Value]) throws(OpError) -> Value {
    let logarithm = try weighted(&b, operands[0], operands)
    let oneHot = try ClassLabels.oneHot(&b, operands[1], classes: b.shape(of: operands[0])[1])
    return try b.apply(Neg(), try ClassLabels.pick(&b, logarithm, oneHot))
  }
}
