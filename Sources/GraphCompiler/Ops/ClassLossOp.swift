import LoopIR

/// A loss of labelled samples. The loss of a sample may be scaled by the weight of its class; samples whose
/// label is ignored lose nothing.
///
/// Mean: the sum of the losses over the sum of the weights (1 each without weights), ignored samples left
/// out.
package protocol ClassLossOp: LossOp {
  /// Labels of samples that do not count.
  var ignoreIndex: [Int] { get set }
}

extension ClassLossOp {
  package static var ignoreIndexField: Field<Self> {
    .field("ignore_index", \.ignoreIndex, "labels of samples that do not count, as in 'ignore_index: -100'")
  }

  package func sampleShape(_ operands: [TensorType]) throws(OpError) -> [Int] { try classShape(operands) }

  /// Checks operands `scores`, `label` and perhaps `weight[C]`; the extents of the labels.
  package func classShape(_ operands: [TensorType]) throws(OpError) -> [Int] {
    let (scores, label) = (operands[0], operands[1])
    let shape = try ClassLabels.check(scores, label, of: Self.name)
    if operands.count == 3 {
      _ = try Self.requireSame([scores.element, scores.element, operands[2].element])
      try Self.requireShape(operands[2], [scores.shape[1]], operand: 2, for: "scores \(scores)")
    }
    return shape
  }

  package func expand(_ b: inout GraphBuilder, _ operands: [Value]) throws(OpError) -> [Value] {
    let losses = try losses(&b, operands)
    let counts = try counts(&b, label: operands[1])
    let hasWeights = operands.count == 3
    let counted = try kept(&b, losses, counts)
    if reduction != .mean || counts == nil && !hasWeights { return [try reduced(&b, counted)] }
    let element = b.type(of: losses).element
    let total = try b.apply(ReduceSum(keep: false), counted)
    let weights: Value
    if hasWeights {
      weights = try kept(&b, try sampleWeights(&b, operands), counts)
    } else {
      weights = try b.apply(Cast(to: element), counts ?? operands[1])
    }
    return [try b.apply(Div(), total, try b.apply(ReduceSum(keep: false), weights))]
  }

  /// The values of the samples that count, 0 for the others.
  private func kept(_ b: inout GraphBuilder, _ values: Value, _ counts: Value?) throws(OpError) -> Value {
    guard let counts else { return values }
    return try b.apply(Where(), counts, values, b.scalar(0, b.type(of: values).element))
  }

  /// True for the samples that count; nil where all do.
  private func counts(_ b: inout GraphBuilder, label: Value) throws(OpError) -> Value? {
    var result: Value?
    for ignored in ignoreIndex {
      let number = b.scalar(Double(ignored), b.type(of: label).element)
      let counts = try b.apply(NotEqual(), label, number)
      if let others = result { result = try b.apply(And(), others, counts) } else { result = counts }
    }
    return result
  }

  /// The weight of each sample's class, 0 for a label that is no class.
  private func sampleWeights(_ b: inout GraphBuilder, _ operands: [Value]) throws(OpError) -> Value {
    let scores = b.shape(of: operands[0])
    let oneHot = try ClassLabels.oneHot(&b, operands[1], classes: scores[1])
    return try ClassLabels.pick(&b, try Self.alongClasses(&b, operands[2], rank: scores.count), oneHot)
  }

  /// `values * weight[c]`, or the values as they are without weights.
  package func weighted(_ b: inout GraphBuilder, _ values: Value, _ operands: [Value]) throws(OpError)
    -> Value
  {
    guard operands.count == 3 else { return values }
    return try b.apply(Mul(), values, try Self.alongClasses(&b, operands[2], rank: b.shape(of: values).count))
  }

  /// `[C]` as `[C, 1, …]`, which broadcasts along axis 1.
  private static func alongClasses(_ b: inout GraphBuilder, _ weight: Value, rank: Int) throws(OpError)
    -> Value
  {
    if rank <= 2 { return weight }
    return try b.apply(Unsqueeze(axes: Array(1..<rank - 1)), weight)
  }
}
