import LoopIR

/// Each element as a sum of its own: n^2 additions along an axis of extent n.
struct CumSum: PrimitiveOp {
  static let name = "cumsum"
  static let summary = "sums of the elements up to each position along an axis"
  static let operands = [Operand("x")]
  static let fields: [Field<Self>] = [
    .field("axis", \.axis, "the axis along which is summed"),
    .field("exclusive", \.exclusive, "leave the element itself out"),
    .field("reverse", \.reverse, "sum from each position to the end"),
  ]
  static let onnx: [ONNXRule] = [
    ONNXRule("CumSum") { call in
      guard let axes = try call.shapeInts(1, "axis"), axes.count == 1 else { throw OpError("expected one number as axis") }
      var op = CumSum()
      op.axis = axes[0]
      op.exclusive = try call.bool("exclusive", default: false)
      op.reverse = try call.bool("reverse", default: false)
      return [try call.apply(op, try call.input(0))]
    }
  ]
  static let examples = [
    "cumsum(f32[2, 5])", "cumsum(i32[4, 3], axis: 0, exclusive: true)", "cumsum(f32[6], axis: -1, reverse: true)",
  ]

  var axis = 1
  var exclusive = false
  var reverse = false

  mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    axis = try AxisAttribute.resolve(axis, rank: operands[0].rank)
  }

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    try Self.require(.number, operands[0])
    return operands
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let axes = Equation.axes(of: results[0])
    let distance = Axis("p", axes[axis].extent)
    let first = exclusive ? 1 : 0
    var indices = axes.map(\.index)
    indices[axis] = reverse ? axes[axis] + distance + first : axes[axis] - distance - first
    let total = reduce(.sum, [distance], operands[0][indices, outside: 0])
    return [Equation(results[0], axes, total)]
  }
}

extension CumSum {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    let place = call.scalar(Double(axis), .i64)
    call.finish(
      "CumSum", [call.operands[0], place], ["exclusive": .bool(exclusive), "reverse": .bool(reverse)])
    return true
  }
}
