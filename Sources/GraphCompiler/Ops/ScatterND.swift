import LoopIR

/// Negative indices count from the end; an index that is still outside writes nothing. Of several updates of one place
/// the last one stays, or all are combined.
struct ScatterND: ScatterOp {
  static let name = "scatter_nd"
  static let summary = "x, but y[indices[i, 0], indices[i, 1], …] = updates[i, …]: the last axis of the indices is a position"
  static let operands = [Operand("x"), Operand("indices"), Operand("updates")]
  static let fields: [Field<Self>] = [
    .field("reduction", \.reduction, "how an update is combined with what it meets", onnx: "reduction")
  ]
  static let onnx: [ONNXRule] = [reads("ScatterND")]
  static let examples = [
    "scatter_nd(f32[4, 3], i32[5, 2], f32[5])",
    "scatter_nd(f32[4, 5, 3], i64[2, 1], f32[2, 5, 3], reduction: \"add\")",
    "scatter_nd(f32[4], i32[6, 1], f32[6], reduction: \"min\")",
    "scatter_nd(f32[3, 2], i64[2, 2, 1], f32[2, 2, 2], reduction: \"mul\")",
    "scatter_nd(i32[3, 2], i32[4, 1, 2], i32[4, 1], reduction: \"min\")",
  ]

  var reduction = ScatterReduction.none

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let (x, indices) = (operands[0], operands[1])
    try Self.require(.integer, indices, operand: 1)
    guard let length = indices.shape.last, length <= x.rank else {
      throw OpError("the last axis of indices \(indices) is no position in \(x)", at: .operand(1))
    }
    _ = try Self.requireSame([x.element, operands[2].element])
    let expected = indices.shape.dropLast() + x.shape[length...]
    try Self.requireShape(operands[2], Array(expected), operand: 2, for: "indices \(indices)")
    if reduction != .none { try Self.require(.number, x) }
    return [x]
  }

  func gathered(_ b: inout GraphBuilder, _ x: Value, _ indices: Value) throws(OpError) -> Value {
    try b.apply(GatherND(), x, indices)
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let (x, indices, updates) = (operands[0], operands[1], operands[2])
    let axes = Equation.axes(of: updates)
    let outer = axes[..<(indices.rank - 1)].map(\.index)
    let parts = (0..<indices.shape[indices.rank - 1]).map { part in
      ElementIndices.position(indices[outer + [.constant(part)]], extent: x.shape[part])
    }
    let target = parts + axes[(indices.rank - 1)...].map(\.index)
    let scatter = Scatter(
      target: target, initial: x[Equation.axes(of: results[0])], combine: reduction.combiner)
    return [Equation(results[0], axes, updates[axes], scatter: scatter)]
  }
}

extension ScatterND {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    call.finish("ScatterND", call.operands(longAt: 1), list: onnxAttributes)
    return true
  }
}
