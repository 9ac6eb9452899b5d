import LoopIR

/// Batch normalization with given statistics, as a trained network uses it.
struct BatchNorm: PrimitiveOp, LayerOp, ChannelwiseAffine, TrainingVariant {
  static let name = "batch_norm"
  static let summary =
    "y = (x - mean[c]) / sqrt(variance[c] + epsilon) * scale[c] + bias[c] (Ioffe & Szegedy 2015)"
  static let operands = [
    Operand("x"), Operand("scale"), Operand("bias"), Operand("mean", isStatistic: true),
    Operand("variance", isStatistic: true),
  ]
  static let fields: [Field<Self>] = [
    .field("epsilon", \.epsilon, "added to the variance", onnx: "epsilon"),
    .field("momentum", \.momentum, "share of the batch in the running statistics after a step of training"),
  ]
  static let onnx: [ONNXRule] = [ONNXRule("BatchNormalization", readONNX)]
  static let layerArguments: [LayerArgument] = []
  static let examples = [
    "batch_norm(f32[2, 3, 2, 4], f32[3], f32[3], f32[3], f32[3])",
    "batch_norm(f32[4, 2], f32[2], f32[2], f32[2], f32[2], epsilon: 0.1)",
  ]

  var epsilon = 1e-5
  var momentum = 0.1

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let x = operands[0]
    try Self.requireFloat(x)
    try Self.requireFinite(epsilon, field: "epsilon", atLeast: 0)
    try Self.requireFinite(momentum, field: "momentum")
    let channels = try Self.requireChannels(x)
    _ = try Self.requireSame(operands.map(\.element))
    for place in 1..<operands.count {
      try Self.requireShape(operands[place], [channels], operand: place, for: "input \(x)")
    }
    return [x]
  }

  func impliedParameters(_ given: [TensorType], _ arguments: LayerArguments) throws(OpError)
    -> [ImpliedParameter]
  {
    let type = TensorType(given[0].element, [try Self.requireChannels(given[0])])
    return [
      ImpliedParameter("scale", type, .ones), ImpliedParameter("bias", type, .zeros),
      ImpliedParameter("mean", type, .zeros), ImpliedParameter("variance", type, .ones),
    ]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let axes = Equation.axes(of: results[0])
    let (scale, bias) = (operands[1][[axes[1]]], operands[2][[axes[1]]])
    let (mean, variance) = (operands[3][[axes[1]]], operands[4][[axes[1]]])
    let deviation = Scalar.unary(.sqrt, variance + .constant(epsilon))
    // What belongs to the channel stands apart, so that no pixel is divided.
    return [Equation(results[0], axes, (operands[0][axes] - mean) * (scale / deviation) + bias)]
  }

  func scaleAndShift(_ parameters: [[Double]]) -> (scale: [Double], shift: [Double]) {
    let deviations = parameters[3].map { ($0 + epsilon).squareRoot() }
    let scale = zip(parameters[0], deviations).map { $0 / $1 }
    let centers = zip(parameters[2], scale).map { $0 * $1 }
    return (scale, zip(parameters[1], centers).map { $0 - $1 })
  }

  func trainingForm(_ bits: RandomBits) -> TrainingForm? {
    TrainingForm(BatchNormTraining(epsilon: epsilon, momentum: momentum, unbiased: true))
  }

  private static func readONNX(_ call: ONNXCall) throws -> [Value?] {
    var op = Self()
    try op.adoptAttributes(of: call)
    op.momentum = try momentum(call)
    if call.opset < 9, try !call.bool("spatial", default: true) {
      throw call.unsupported("normalization of every pixel by itself ('spatial' 0)")
    }
    let operands = try batchNormOperands(call)
    if try isTraining(call) {
      let training = BatchNormTraining(epsilon: op.epsilon, momentum: op.momentum, unbiased: false)
      return try call.applyAll(training, operands)
    }
    return try call.applyAll(op, operands)
  }

  /// ONNX tells the share of the old statistics, in single precision: `1 - 0.9` is meant to be 0.1.
  private static func momentum(_ call: ONNXCall) throws -> Double {
    let kept = try call.float("momentum", default: 0.9)
    return ((1 - kept) * 1e7).rounded() / 1e7
  }

  /// Old operator sets tell by the number of results whether statistics of the batch are meant.
  private static func isTraining(_ call: ONNXCall) throws -> Bool {
    switch call.opset {
    case ..<7:
      if call.opset < 6 { call.ignore("consumed_inputs") }
      return try !call.bool("is_test", default: false)
    case 7..<14: return call.isUsed(1) || call.isUsed(2)
    default: return try call.bool("training_mode", default: false)
    }
  }

  /// The five operands in one element type; parameters may have another than the data.
  private static func batchNormOperands(_ call: ONNXCall) throws -> [Value] {
    let x = try call.input(0)
    var operands = [x]
    for place in 1..<5 {
      operands.append(try call.cast(try call.input(place), to: call.type(x).element))
    }
    return operands
  }
}

extension BatchNorm {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    call.finish("BatchNormalization", nil, ["epsilon": .float(epsilon), "momentum": .float(1 - momentum)])
    return true
  }
}
