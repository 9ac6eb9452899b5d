import LoopIR

/// A position outside of the depth is nowhere: its vector has the first value alone.
struct OneHot: PrimitiveOp {
  static let name = "one_hot"
  static let summary = "values[1] where the position on a new axis is the index, else values[0]"
  static let operands = [Operand("indices"), Operand("values")]
  static let fields: [Field<Self>] = [
    .field("depth", \.depth, "extent of the new axis"),
    .field("axis", \.axis, "where the new axis stands in the result"),
  ]
  static let onnx: [ONNXRule] = [
    ONNXRule("OneHot") { call in
      guard let depths = try call.shapeData(1, "depth"), depths.type.count == 1 else {
        throw OpError("expected one number as 'depth'")
      }
      var op = OneHot()
      op.depth = Int(exactly: depths.doubles[0].rounded(.towardZero)) ?? 0
      op.axis = try call.int("axis", default: -1)
      let indices = try call.cast(try call.input(0), to: .i64)
      return [try call.apply(op, indices, try call.input(2))]
    }
  ]
  static let examples = [
    "one_hot(i64[3], f32[2], depth: 4)", "one_hot(i32[2, 3], i32[2], depth: 5, axis: 1)",
    "one_hot(i64[], f32[2], depth: 3, axis: 0)",
  ]

  var depth = 0
  var axis = -1

  mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    axis = try AxisAttribute.resolve(axis, rank: operands[0].rank + 1)
  }

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let (indices, values) = (operands[0], operands[1])
    try Self.require(.integer, indices)
    guard depth >= 1 else {
      throw OpError("'depth' must be at least 1, found \(depth)", at: .field("depth"))
    }
    try Self.requireShape(values, [2], operand: 1, for: "the values of 0 and 1")
    var shape = indices.shape
    shape.insert(depth, at: axis)
    return [TensorType(values.element, shape)]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let (indices, values) = (operands[0], operands[1])
    let axes = Equation.axes(of: results[0])
    var place = axes
    place.remove(at: axis)
    let position = Scalar.cast(.i64, indices[place])
    let counted = select(position .< 0, position + .constant(Double(depth)), position)
    let isHot = counted .== .index(axes[axis].index)
    return [Equation(results[0], axes, select(isHot, values[[Index.constant(1)]], values[[Index.constant(0)]]))]
  }
}

extension OneHot {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    let depth = call.scalar(Double(depth), .i64)
    let indices = call.operands(longAt: 0)[0]
    if call.types[0].rank > 0 {
      call.finish("OneHot", [indices, depth, call.operands[1]], ["axis": .int(axis)])
    } else {
      let single = call.node("Reshape", [indices, call.ints([1])])
      let row = call.node("OneHot", [single, depth, call.operands[1]], ["axis": .int(1)])
      call.finish("Reshape", [row, call.ints(call.resultTypes[0].shape)])
    }
    return true
  }
}
