import LoopIR

/// Negative indices count from the end; an index that is still outside yields 0.
struct GatherND: PrimitiveOp {
  static let name = "gather_nd"
  static let summary = "y[b, i, …] = x[b, indices[b, i, 0], indices[b, i, 1], …]: the last axis of the indices is a position"
  static let operands = [Operand("x"), Operand("indices")]
  static let fields: [Field<Self>] = [
    .field("batch", \.batch, "leading axes that x and the indices share", onnx: "batch_dims")
  ]
  static let onnx: [ONNXRule] = [reads("GatherND")]
  static let examples = [
    "gather_nd(f32[4, 3], i32[5, 2])", "gather_nd(f32[2, 5, 3], i64[2, 4, 1], batch: 1)",
    "gather_nd(i32[3, 2], i32[1])",
  ]

  var batch = 0

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let (x, indices) = (operands[0], operands[1])
    try Self.require(.integer, indices, operand: 1)
    guard batch >= 0, batch < indices.rank, batch <= x.rank, x.shape[..<batch] == indices.shape[..<batch] else {
      throw OpError("\(x) and indices \(indices) do not share \(batch) leading axes", at: .field("batch"))
    }
    let length = indices.shape[indices.rank - 1]
    guard length <= x.rank - batch else {
      throw OpError("indices \(indices) have \(length) parts, \(x) has \(x.rank - batch) axes for them", at: .operand(1))
    }
    return [TensorType(x.element, indices.shape.dropLast() + x.shape[(batch + length)...])]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let (x, indices) = (operands[0], operands[1])
    let axes = Equation.axes(of: results[0])
    let outer = axes[..<(indices.rank - 1)].map(\.index)
    let parts = (0..<indices.shape[indices.rank - 1]).map { part in
      ElementIndices.position(indices[outer + [.constant(part)]], extent: x.shape[batch + part])
    }
    let rest = axes[(indices.rank - 1)...].map(\.index)
    return [Equation(results[0], axes, x[outer[..<batch] + parts + rest, outside: 0])]
  }
}

extension GatherND {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    call.finish("GatherND", call.operands(longAt: 1), list: onnxAttributes)
    return true
  }
}
