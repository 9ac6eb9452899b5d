import LoopIR

/// Cross entropy of `softmax(logits)` with the labels' classes, taken together so that no probability underflows.
struct CrossEntropy: LossOp {
  static let name = "cross_entropy"
  static let summary = "log sum(exp z) - z[label], mean over the batch (Bishop 2006, 4.108)"
  static let operands = [Operand("logits"), Operand("label")]
  static let fields: [Field<Self>] = [
    .field(
      "label_smoothing", \.labelSmoothing, "share spread over all classes (Szegedy et al. 2016)"
    ),
    .field("ignore_index", \.ignoreIndex, "labels of samples that do not count, as in 'ignore_index: -100'"),
    reductionField,
  ]
  static let examples = [
    "cross_entropy(f32[4, 3], i32[4])", "cross_entropy(f32[4, 3], i64[4], label_smoothing: 0.1)",
    "cross_entropy(f32[2, 3, 2, 2], i32[2, 2, 2], ignore_index: 1)",
    "cross_entropy(f32[4, 3], i32[4], reduction: \"none\")",
  ]

  var labelSmoothing = 0.0
  var ignoreIndex: [Int] = []
  var reduction = LossReduction.mean

  func sampleShape(_ operands: [TensorType]) throws(OpError) -> [Int] {
    guard (0...1).contains(labelSmoothing) else {
      throw OpError(
        "'label_smoothing' must lie in 0...1, found \(labelSmoothing)", at: .field("label_smoothing"))
    }
    return try ClassLabels.check(operands[0], operands[1], of: Self.name)
  }

  func expand(_ b: inout GraphBuilder, _ operands: [Value]) throws(OpError) -> [Value] {
    let losses = try losses(&b, operands)
    if ignoreIndex.isEmpty { return [try reduced(&b, losses)] }
    let element = b.type(of: losses).element
    let counts = try counts(&b, label: operands[1])
    let counted = try b.apply(Where(), counts, losses, b.scalar(0, element))
    if reduction != .mean { return [try reduced(&b, counted)] }
    let total = try b.apply(ReduceSum(keep: false), counted)
    let number = try b.apply(ReduceSum(keep: false), try b.apply(Cast(to: element), counts))
    return [try b.apply(Div(), total, number)]
  }

  /// True for the samples that count.
  private func counts(_ b: inout GraphBuilder, label: Value) throws(OpError) -> Value {
    var result: Value?
    for ignored in ignoreIndex {
      let number = b.scalar(Double(ignored), b.type(of: label).element)
      let counts = try b.apply(NotEqual(), label, number)
      if let others = result { result = try b.apply(And(), others, counts) } else { result = counts }
    }
    return result ?? label
  }

  func losses(_ b: inout GraphBuilder, _ operands: [Value]) throws(OpError) -> Value {
    let classes = b.shape(of: operands[0])[1]
    let logarithm = try b.apply(LogSoftmax(axis: 1), operands[0])
    let oneHot = try ClassLabels.oneHot(&b, operands[1], classes: classes)
    let loss = try b.apply(Neg(), try ClassLabels.pick(&b, logarithm, oneHot))
    if labelSmoothing == 0 { return loss }
    let element = b.type(of: loss).element
    let evenly = try b.apply(Neg(), try b.apply(ReduceMean(axes: [1], keep: false), logarithm))
    let part = try b.apply(Mul(), loss, b.scalar(1 - labelSmoothing, element))
    return try b.apply(Add(), part, try b.apply(Mul(), evenly, b.scalar(labelSmoothing, element)))
  }
}
