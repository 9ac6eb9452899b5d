import LoopIR

/// Normalization of each example by the root of its mean square over the last axes.
struct RmsNorm: NormalizingOp {
  static let name = "rms_norm"
  static let summary = "x / sqrt(mean(x^2) + epsilon) * scale, over the last axes (Zhang & Sennrich 2019)"
  static let operands = [Operand("x"), Operand("scale")]
  static let fields: [Field<Self>] = [
    .field("axis", \.axis, "the first axis that is normalized; all behind it are too", onnx: "axis"),
    epsilonField,
  ]
  static let onnx: [ONNXRule] = [
    ONNXRule("RMSNormalization") { call in
      var op = Self()
      try op.adoptAttributes(of: call)
      call.ignore("stash_type")
      let x = try call.input(0)
      let axis = try AxisAttribute.resolve(op.axis, rank: call.rank(x))
      return [try call.apply(op, x, try call.expanded(try call.input(1), Array(call.shape(x)[axis...])))]
    }
  ]
  static let examples = [
    "rms_norm(f32[2, 5], f32[5])", "rms_norm(f32[2, 3, 4], f32[3, 4], axis: 1, epsilon: 0.01)",
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
    try Self.requireShape(
      operands[1], Array(x.shape[axis...]), operand: 1, for: "input \(x) with axis: \(axis)")
    return [x]
  }

  func impliedParameters(_ given: [TensorType], _ arguments: LayerArguments) throws(OpError)
    -> [ImpliedParameter]
  {
    let x = given[0]
    let first = try AxisAttribute.resolve(axis, rank: x.rank)
    return [ImpliedParameter("scale", TensorType(x.element, Array(x.shape[first...])), .ones)]
  }

  func expand(_ b: inout GraphBuilder, _ operands: [Value]) throws(OpError) -> [Value] {
    let x = operands[0]
    let square = try b.apply(ReduceMean(axes: Array(axis..<b.shape(of: x).count)), try b.apply(Mul(), x, x))
    let offset = b.scalar(epsilon, b.type(of: x).element)
    let root = try b.apply(Sqrt(), try b.apply(Add(), square, offset))
    return [try b.apply(Mul(), try b.apply(Div(), x, root), operands[1])]
  }
}
