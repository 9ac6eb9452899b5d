import LoopIR

/// Negative indices count from the end; an index that is still outside yields 0.
struct GatherElements: PrimitiveOp {
  static let name = "gather_elements"
  static let summary = "y[…, k, …] = x[…, indices[…, k, …], …]: along an axis each place has an index of its own"
  static let operands = [Operand("x"), Operand("indices")]
  static let fields: [Field<Self>] = [.field("axis", \.axis, "the axis of x that the indices address", onnx: "axis")]
  static let onnx: [ONNXRule] = [reads("GatherElements")]
  static let examples = [
    "gather_elements(f32[4, 3], i32[2, 3])", "gather_elements(f32[2, 5, 3], i64[2, 4, 1], axis: 1)",
    "gather_elements(i32[3], i32[5], axis: -1)",
  ]

  var axis = 0

  mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    axis = try AxisAttribute.resolve(axis, rank: operands[0].rank)
  }

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let (x, indices) = (operands[0], operands[1])
    try ElementIndices.check(Self.self, x, indices, axis)
    return [TensorType(x.element, indices.shape)]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let (x, indices) = (operands[0], operands[1])
    let axes = Equation.axes(of: results[0])
    var place = axes.map(\.index)
    place[axis] = ElementIndices.position(indices[axes], extent: x.shape[axis])
    return [Equation(results[0], axes, x[place, outside: 0])]
  }
}

/// Indices in tensors, as gathering and scattering operators take them.
enum ElementIndices {
  /// Throws unless the indices are integers of the rank of `x`, and no longer than it beyond the axis.
  static func check<T: Op>(_ op: T.Type, _ x: TensorType, _ indices: TensorType, _ axis: Int) throws(OpError) {
    try T.require(.integer, indices, operand: 1)
    let fits = indices.rank == x.rank && x.shape.indices.allSatisfy { $0 == axis || indices.shape[$0] <= x.shape[$0] }
    guard fits else {
      throw OpError("indices \(indices) do not fit into \(x) beyond axis \(axis)", at: .operand(1))
    }
  }

  /// The position that an index means; a negative one counts from the end.
  static func position(_ index: Scalar, extent: Int) -> Index {
    let wide = index.elementType == .i64 ? index : .cast(.i64, index)
    return .value(select(wide .< 0, wide + .constant(Double(extent)), wide))
  }
}
