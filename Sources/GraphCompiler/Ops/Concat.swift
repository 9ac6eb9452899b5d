import LoopIR

/// Tensors one behind the other. Each element is chosen by its position among the pieces; the reads carry a
/// value for outside, so that a schedule may evaluate all branches.
struct Concat: PrimitiveOp {
  static let name = "concat"
  static let summary = "the operands one behind the other along an axis"
  static let operands = [Operand("x", .variadic)]
  static let fields: [Field<Self>] = [
    .field("axis", \.axis, "the axis along which the operands are lined up", onnx: "axis")
  ]
  static let onnx: [ONNXRule] = [reads("Concat")]
  static let examples = [
    "concat(f32[2, 3, 4], f32[2, 1, 4], axis: 1)", "concat(f32[2], f32[3], f32[4], axis: 0)",
    "concat(i32[2, 3], axis: 0)", "concat(f32[2, 1, 3], f32[2, 2, 3])",
  ]

  var axis = 1

  mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    axis = try AxisAttribute.resolve(axis, rank: operands[0].rank)
  }

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let first = operands[0]
    let element = try Self.requireSame(operands.map(\.element))
    var total = 0
    for (place, x) in operands.enumerated() {
      var expected = first.shape
      if x.rank == first.rank { expected[axis] = x.shape[axis] }
      guard x.shape == expected else {
        throw OpError("\(first) and \(x) differ beyond axis \(axis)", at: .operand(place))
      }
      total += x.shape[axis]
    }
    var shape = first.shape
    shape[axis] = total
    return [TensorType(element, shape)]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let y = results[0]
    let axes = Equation.axes(of: y)
    let position = axes[axis]
    var start = y.shape[axis]
    var value: Scalar?
    for x in operands.reversed() where x.shape[axis] > 0 || operands.count == 1 {
      start -= x.shape[axis]
      var indices = axes.map(\.index)
      indices[axis] = position - start
      let element = x[indices, outside: 0]
      let end = Scalar.constant(Double(start + x.shape[axis]))
      value = value.map { select(.index(position.index) .< end, element, $0) } ?? element
    }
    return [Equation(y, axes, value ?? 0)]
  }
}
