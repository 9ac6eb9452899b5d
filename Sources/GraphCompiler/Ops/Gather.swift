import LoopIR

/// Slices of `x` along an axis, in the order of the indices: an embedding, a shuffle. Negative indices count
/// from the end; an index that is still outside yields 0.
struct Gather: PrimitiveOp {
  static let name = "gather"
  static let summary = "y[…, k, …] = x[…, indices[k], …] along an axis"
  static let operands = [Operand("x"), Operand("indices")]
  static let fields: [Field<Self>] = [.field("axis", \.axis, "the axis of x that the indices address", onnx: "axis")]
  static let onnx: [ONNXRule] = [reads("Gather")]
  static let examples = [
    "gather(f32[4, 3], i32[2])", "gather(f32[2, 5, 3], i64[2, 2], axis: 1)",
    "gather(f32[4, 3], i32[], axis: -1)",
  ]

  var axis = 0

  mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    axis = try AxisAttribute.resolve(axis, rank: operands[0].rank)
  }

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let (x, indices) = (operands[0], operands[1])
    try Self.require(.integer, indices, operand: 1)
    return [TensorType(x.element, x.shape[..<axis] + indices.shape + x.shape[(axis + 1)...])]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let (x, indices) = (operands[0], operands[1])
    let axes = Equation.axes(of: results[0])
    let number = indices[Array(axes[axis..<axis + indices.rank])]
    let extent = Scalar.constant(Double(x.shape[axis]))
    let position = Index.value(select(number .< 0, number + extent, number))
    let before = axes[..<axis].map(\.index)
    let after = axes[(axis + indices.rank)...].map(\.index)
    return [Equation(results[0], axes, x[before + [position] + after, outside: 0])]
  }
}
