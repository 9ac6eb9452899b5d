import LoopIR

/// Cross entropy of `softmax(logits)` with the labels' classes, taken together so that no probability
/// underflows.
struct CrossEntropy: ClassLossOp {
  static let name = "cross_entropy"
  static let summary =
    "log sum(exp z) - z[label], times weight[label], mean over the batch (Bishop 2006, 4.108)"
  static let operands = [Operand("logits"), Operand("label"), Operand("weight", .optional)]
  static let fields: [Field<Self>] = [
    .field(
      "label_smoothing", \.labelSmoothing, "share spread over all classes (Szegedy et al. 2016)"
    ),
    ignoreIndexField, reductionField,
  ]
  static let examples = [
    "cross_entropy(f32[4, 3], i32[4])", "cross_entropy(f32[4, 3], i64[4], label_smoothing: 0.1)",
    "cross_entropy(f32[2, 3, 2, 2], i32[2, 2, 2], ignore_index: 1)",
    "cross_entropy(f32[4, 3], i32[4], reduction: \"none\")", "cross_entropy(f32[4, 3], i32[4], f32[3])",
    "cross_entropy(f32[2, 3, 2], i64[2, 2], f32[3], ignore_index: 2, label_smoothing: 0.2)",
  ]

  static let onnx: [ONNXRule] = [
    ONNXRule("SoftmaxCrossEntropyLoss") { call in
      var op = Self()
      try op.adoptAttributes(of: call)
      op.ignoreIndex = try call.int("ignore_index").map { [$0] } ?? []
      let scores = try call.input(0)
      let loss = try call.applyAll(op, try call.presentInputs(for: Self.self))
      return loss + [call.isUsed(1) ? try call.apply(LogSoftmax(axis: 1), scores) : nil]
    }
  ]

  var labelSmoothing = 0.0
  var ignoreIndex: [Int] = []
  var reduction = LossReduction.mean

  func sampleShape(_ operands: [TensorType]) throws(OpError) -> [Int] {
    guard (0...1).contains(labelSmoothing) else {
      throw OpError(
        "'label_smoothing' must lie in 0...1, found \(labelSmoothing)", at: .field("label_smoothing"))
    }
    return try classShape(operands)
  }

  func losses(_ b: inout GraphBuilder, _ operands: [Value]) throws(OpError) -> Value {
    let classes = b.shape(of: operands[0])[1]
    let logarithm = try weighted(&b, try b.apply(LogSoftmax(axis: 1), operands[0]), operands)
    let oneHot = try ClassLabels.oneHot(&b, operands[1], classes: classes)
    let loss = try b.apply(Neg(), try ClassLabels.pick(&b, logarithm, oneHot))
    if labelSmoothing == 0 { return loss }
    let element = b.type(of: loss).element
    let evenly = try b.apply(Neg(), try b.apply(ReduceMean(axes: [1], keep: false), logarithm))
    let part = try b.apply(Mul(), loss, b.scalar(1 - labelSmoothing, element))
    return try b.apply(Add(), part, try b.apply(Mul(), evenly, b.scalar(labelSmoothing, element)))
  }
}
