import LoopIR

/// The loss of support vector machines, in the two forms of the textbooks:
///
///     scores [N, C, …], label [N, …] of integers:   sum over j ≠ label  max(0, margin + s[j] - s[label])
///     scores and targets of one shape, t = ±1:      sum over outputs    max(0, margin - t s)
struct Hinge: LossOp {
  static let name = "hinge"
  static let summary =
    "sum(j ≠ label) max(0, margin + s[j] - s[label]) (Weston & Watkins 1999), or max(0, margin - t s) for t = ±1"
  static let operands = [Operand("scores"), Operand("label")]
  static let fields: [Field<Self>] = [
    .field("margin", \.margin, "the lead that costs nothing"), reductionField,
  ]
  static let examples = [
    "hinge(f32[4, 3], i32[4])", "hinge(f32[4], f32[4])", "hinge(f32[4, 2], f32[4, 2], margin: 0.5)",
    "hinge(f32[2, 3, 2], i64[2, 2], reduction: \"none\")",
  ]

  var margin = 1.0
  var reduction = LossReduction.mean

  func sampleShape(_ operands: [TensorType]) throws(OpError) -> [Int] {
    let (scores, label) = (operands[0], operands[1])
    guard label.element.isFloatingPoint else {
      return try ClassLabels.check(scores, label, of: Self.name)
    }
    _ = try Self.requireSame(operands, in: .floating)
    guard scores.shape == label.shape else {
      throw OpError(
        "targets of ±1 have the shape of the scores, found \(scores) and \(label)", at: .operand(1),
        help: "numbers of classes have an integer type: cast(label, to: \"i32\")")
    }
    return Array(scores.shape.prefix(1))
  }

  func losses(_ b: inout GraphBuilder, _ operands: [Value]) throws(OpError) -> Value {
    let (scores, label) = (operands[0], operands[1])
    let element = b.type(of: scores).element
    let margin = b.scalar(margin, element)
    if b.type(of: label).element.isFloatingPoint {
      let lead = try b.apply(Mul(), label, scores)
      return try Self.sumOverOutputs(&b, try b.apply(Relu(), try b.apply(Sub(), margin, lead)))
    }
    let oneHot = try ClassLabels.oneHot(&b, label, classes: b.shape(of: scores)[1])
    let own = try ClassLabels.pick(&b, scores, oneHot, keep: true)
    let lack = try b.apply(Add(), try b.apply(Sub(), scores, own), margin)
    let others = try b.apply(Where(), oneHot, b.scalar(0, element), try b.apply(Relu(), lack))
    return try b.apply(ReduceSum(axes: [1], keep: false), others)
  }
}
