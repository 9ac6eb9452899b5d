import LoopIR

/// Normalization of each example over its last axes.
struct LayerNorm: NormalizingOp {
  static let name = "layer_norm"
  static let summary =
    "(x - mean) / sqrt(variance + epsilon) * scale + bias, statistics over the last axes (Ba et al. 2016)"
  static let operands = [Operand("x"), Operand("scale"), Operand("bias", .optional)]
  static let fields: [Field<Self>] = [
    .field("axis", \.axis, "the first axis that is normalized; all behind it are too", onnx: "axis"),
    epsilonField,
  ]
  static let onnx: [ONNXRule] = [ONNXRule("LayerNormalization", readONNX)]
  static let examples = [
    "layer_norm(f32[2, 5], f32[5], f32[5])", "layer_norm(f32[2, 3, 4], f32[3, 4], axis: 1, epsilon: 0.01)",
    "layer_norm(f32[2, 3, 2, 2], f32[2, 2], f32[2, 2], axis: -2)",
  ]

  var axis = -1
  var epsilon = 1e-5

  mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    axis = try AxisAttribute.resolve(axis, rank: operands[0].rank)
  }

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let x = operands[0]
    _ = try Self.requireSame(operands, in: .floating)
    try Self.requireFinite(epsilon, field: "epsilon", atLeast: 0)
    for place in 1..<operands.count {
      let reason = "input \(x) with axis: \(axis)"
      try Self.requireShape(operands[place], Array(x.shape[axis...]), operand: place, for: reason)
    }
    return [x]
  }

  func impliedParameters(_ given: [TensorType], _ arguments: LayerArguments) throws(OpError)
    -> [ImpliedParameter]
  {
    let x = given[0]
    let first = try AxisAttribute.resolve(axis, rank: x.rank)
    return Self.scaleAndBias(TensorType(x.element, Array(x.shape[first...])))
  }

  func expand(_ b: inout GraphBuilder, _ operands: [Value]) throws(OpError) -> [Value] {
    let axes = Array(axis..<b.shape(of: operands[0]).count)
    let normal = try normalized(&b, operands[0], axes: axes)
    let scaled = try b.apply(Mul(), normal, operands[1])
    return [operands.count == 3 ? try b.apply(Add(), scaled, operands[2]) : scaled]
  }

  /// Scale and bias may be stretched; mean and the inverse of the deviation are results too.
  private static func readONNX(_ call: ONNXCall) throws -> [Value?] {
    var op = Self()
    try op.adoptAttributes(of: call)
    call.ignore("stash_type")
    let x = try call.input(0)
    let shape = call.shape(x)
    op.axis = try AxisAttribute.resolve(op.axis, rank: shape.count)
    var operands = [x]
    for place in 1...2 {
      guard let parameter = call.optional(place) else { continue }
      operands.append(try call.expanded(parameter, Array(shape[op.axis...])))
    }
    let y = try call.applyAll(op, operands)[0]
    guard call.isUsed(1) || call.isUsed(2) else { return [y] }
    let axes = Array(op.axis..<shape.count)
    let mean = try call.apply(ReduceMean(axes: axes), x)
    let centered = try call.apply(Sub(), x, mean)
    let variance = try call.apply(ReduceMean(axes: axes), try call.apply(Mul(), centered, centered))
    let offset = call.scalar(op.epsilon, call.type(x).element)
    let deviation = try call.apply(Sqrt(), try call.apply(Add(), variance, offset))
    return [y, mean, try call.apply(Reciprocal(), deviation)]
  }
}

extension LayerNorm {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    call.finish("LayerNormalization", list: onnxAttributes)
    return true
  }
}
