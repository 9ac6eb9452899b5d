import LoopIR

/// Softmax over one axis; the maximum is subtracted first, so that nothing overflows.
struct Softmax: CompositeOp, UnaryPullbackRule {
  static let name = "softmax"
  static let summary = "exp(x) / sum(exp(x)) along an axis (Bridle 1990)"
  static let operands = [Operand("x")]
  static let fields: [Field<Self>] = [
    .field("axis", \.axis, "the axis that sums to one; negative from the end")
  ]
  static let onnx: [ONNXRule] = [
    ONNXRule("Softmax") { call in
      try call.alongAxis { x, axis, call throws(OpError) in try call.apply(Softmax(axis: axis), x) }
    }
  ]
  static let examples = ["softmax(f32[2, 5])", "softmax(f32[2, 3, 4], axis: -1)"]

  var axis = 1

  init() {}

  init(axis: Int) { self.axis = axis }

  mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    axis = try AxisAttribute.resolve(axis, rank: operands[0].rank)
  }

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    try Self.requireFloat(operands[0])
    return operands
  }

  func expand(_ b: inout GraphBuilder, _ operands: [Value]) throws(OpError) -> [Value] {
    let largest = try b.apply(ReduceMax(axes: [axis]), operands[0])
    let shifted = try b.apply(Sub(), operands[0], largest)
    let exponential = try b.apply(Exp(), shifted)
    let total = try b.apply(ReduceSum(axes: [axis]), exponential)
    return [try b.apply(Div(), exponential, total)]
  }

  /// `y (dy - sum(dy y))`
  func gradient(_ b: inout GraphBuilder, x: Value, y: Value, dy: Value) throws(OpError) -> Value {
    let mean = try b.apply(ReduceSum(axes: [axis]), try b.apply(Mul(), dy, y))
    return try b.apply(Mul(), y, try b.apply(Sub(), dy, mean))
  }
}

extension Softmax {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    call.finish("Softmax", nil, ["axis": .int(axis)])
    return true
  }
}
