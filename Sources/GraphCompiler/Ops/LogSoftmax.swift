import LoopIR

/// Logarithm of softmax without the detour over tiny numbers.
struct LogSoftmax: CompositeOp, UnaryPullbackRule {
  static let name = "log_softmax"
  static let summary = "x - max - log(sum exp(x - max)) along an axis"
  static let operands = [Operand("x")]
  static let fields: [Field<Self>] = [
    .field("axis", \.axis, "the axis of the distribution; negative from the end")
  ]
  static let onnx: [ONNXRule] = [
    ONNXRule("LogSoftmax") { call in
      try call.alongAxis { x, axis, call throws(OpError) in try call.apply(LogSoftmax(axis: axis), x) }
    }
  ]
  static let examples = ["log_softmax(f32[2, 5])", "log_softmax(f32[2, 3, 4], axis: -1)"]

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
    let total = try b.apply(ReduceSum(axes: [axis]), try b.apply(Exp(), shifted))
    return [try b.apply(Sub(), shifted, try b.apply(Log(), total))]
  }

  /// `dy - softmax(x) sum(dy)`
  func gradient(_ b: inout GraphBuilder, x: Value, y: Value, dy: Value) throws(OpError) -> Value {
    let total = try b.apply(ReduceSum(axes: [axis]), dy)
    return try b.apply(Sub(), dy, try b.apply(Mul(), try b.apply(Exp(), y), total))
  }
}

extension LogSoftmax {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    call.finish("LogSoftmax", nil, ["axis": .int(axis)])
    return true
  }
}
