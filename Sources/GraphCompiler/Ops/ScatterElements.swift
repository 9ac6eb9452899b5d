import LoopIR

/// Negative indices count from the end; an index that is still outside writes nothing. Of several updates of one place
/// the last one stays, or all are combined.
struct ScatterElements: ScatterOp {
  static let name = "scatter_elements"
  static let summary = "x, but y[…, indices[…, k, …], …] = updates[…, k, …] along an axis"
  static let operands = [Operand("x"), Operand("indices"), Operand("updates")]
  static let fields: [Field<Self>] = [
    .field("axis", \.axis, "the axis of x that the indices address", onnx: "axis"),
    .field("reduction", \.reduction, "how an update is combined with what it meets", onnx: "reduction"),
  ]
  static let onnx: [ONNXRule] = [reads("ScatterElements"), reads("Scatter")]
  static let examples = [
    "scatter_elements(f32[4, 3], i32[2, 3], f32[2, 3])",
    "scatter_elements(f32[2, 5, 3], i64[2, 4, 1], f32[2, 4, 1], axis: 1, reduction: \"add\")",
    "scatter_elements(f32[4, 2], i32[3, 2], f32[3, 2], reduction: \"mul\")",
    "scatter_elements(f32[3, 4], i64[3, 6], f32[3, 6], axis: 1, reduction: \"max\")",
    "scatter_elements(i32[3], i32[5], i32[5], axis: -1, reduction: \"max\")",
  ]

  var axis = 0
  var reduction = ScatterReduction.none

  mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    axis = try AxisAttribute.resolve(axis, rank: operands[0].rank)
  }

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let (x, indices) = (operands[0], operands[1])
    try ElementIndices.check(Self.self, x, indices, axis)
    _ = try Self.requireSame([x.element, operands[2].element])
    try Self.requireShape(operands[2], indices.shape, operand: 2, for: "indices \(indices)")
    if reduction != .none { try Self.require(.number, x) }
    return [x]
  }

  func gathered(_ b: inout GraphBuilder, _ x: Value, _ indices: Value) throws(OpError) -> Value {
    var gather = GatherElements()
    gather.axis = axis
    return try b.apply(gather, x, indices)
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let (x, indices, updates) = (operands[0], operands[1], operands[2])
    let axes = Equation.axes(of: indices)
    var target = axes.map(\.index)
    target[axis] = ElementIndices.position(indices[axes], extent: x.shape[axis])
    let scatter = Scatter(
      target: target, initial: x[Equation.axes(of: results[0])], combine: reduction.combiner)
    return [Equation(results[0], axes, updates[axes], scatter: scatter)]
  }
}
