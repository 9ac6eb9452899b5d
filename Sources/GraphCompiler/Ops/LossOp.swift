import LoopIR

/// A training loss: one number for each sample, and how these become one.
package protocol LossOp: CompositeOp {
  var reduction: LossReduction { get set }
  /// Extents of the samples' losses: mostly `[N]`. Throws where the operands do not fit.
  func sampleShape(_ operands: [TensorType]) throws(OpError) -> [Int]
  /// The samples' losses.
  func losses(_ b: inout GraphBuilder, _ operands: [Value]) throws(OpError) -> Value
}

/// How the samples' losses become one number.
package enum LossReduction: String, WordAttribute {
  case mean, sum, none
}

extension LossOp {
  package static var reductionField: Field<Self> {
    .field(
      "reduction", \.reduction,
      "\"mean\" over the samples of the batch, \"sum\", or \"none\": one for each sample", onnx: "reduction")
  }

  package static var fields: [Field<Self>] { [reductionField] }

  package func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let samples = try sampleShape(operands)
    return [TensorType(operands[0].element, reduction == .none ? samples : [])]
  }

  package func expand(_ b: inout GraphBuilder, _ operands: [Value]) throws(OpError) -> [Value] {
    [try reduced(&b, try losses(&b, operands))]
  }

  package func reduced(_ b: inout GraphBuilder, _ losses: Value) throws(OpError) -> Value {
    switch reduction {
    case .mean: try b.apply(ReduceMean(keep: false), losses)
    case .sum: try b.apply(ReduceSum(keep: false), losses)
    case .none: losses
    }
  }

  /// The sum over all axes but that of the samples.
  package static func sumOverOutputs(_ b: inout GraphBuilder, _ losses: Value) throws(OpError) -> Value {
    let rank = b.shape(of: losses).count
    return rank <= 1 ? losses : try b.apply(ReduceSum(axes: Array(1..<rank), keep: false), losses)
  }
}

/// A loss that compares outputs with targets of the same shape, axis 0 being the samples. The loss of a
/// sample is the sum over its outputs.
package protocol TargetLossOp: LossOp {
  /// The loss of each output.
  func outputLosses(_ b: inout GraphBuilder, _ y: Value, _ target: Value) throws(OpError) -> Value
}

extension TargetLossOp {
  package static var examples: [String] {
    [
      "\(name)(f32[4, 3], f32[4, 3])", "\(name)(f32[4], f32[4], reduction: \"sum\")",
      "\(name)(f32[2, 3, 2], f32[2, 3, 2], reduction: \"none\")",
    ]
  }

  package func sampleShape(_ operands: [TensorType]) throws(OpError) -> [Int] {
    let (y, target) = (operands[0], operands[1])
    _ = try Self.requireSame(operands, in: .floating)
    guard y.shape == target.shape else {
      throw OpError(
        "'\(Self.name)' compares tensors of one shape, found \(y) and \(target)", at: .operand(1),
        help: "use reshape or expand")
    }
    return Array(y.shape.prefix(1))
  }

  package func losses(_ b: inout GraphBuilder, _ operands: [Value]) throws(OpError) -> Value {
    try Self.sumOverOutputs(&b, try outputLosses(&b, operands[0], operands[1]))
  }
}
