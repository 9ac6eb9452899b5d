import LoopIR

/// The position of an extreme element: argmax and argmin.
package protocol ArgReductionOp: CompositeOp {
  /// What finds the extreme element.
  associatedtype Extreme: ReductionOp
  var axis: Int { get set }
  var keep: Bool { get set }
  var last: Bool { get set }
}

extension ArgReductionOp {
  package static var operands: [Operand] { [Operand("x")] }

  package static var fields: [Field<Self>] {
    [
      .field("axis", \.axis, "the axis that is searched"),
      .field("keep", \.keep, "keep the axis with extent 1"),
      .field("last", \.last, "of equal elements the last one, not the first"),
    ]
  }

  package static var examples: [String] {
    [
      "\(name)(f32[2, 5])", "\(name)(i32[2, 3, 4], axis: 0, keep: true)",
      "\(name)(f32[7], axis: -1, last: true)",
    ]
  }

  /// The rule for the ONNX operator of that name.
  package static func searches(_ name: String) -> ONNXRule {
    reads(name) { op, call in
      op.axis = try call.int("axis", default: 0)
      op.keep = try call.bool("keepdims", default: true)
      op.last = try call.bool("select_last_index", default: false)
    }
  }

  package mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    axis = try AxisAttribute.resolve(axis, rank: operands[0].rank)
  }

  package func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let x = operands[0]
    try Self.require(.number, x)
    guard x.shape[axis] > 0 else {
      throw OpError("axis \(axis) of \(x) has no elements to choose from", at: .field("axis"))
    }
    var shape = x.shape
    if keep { shape[axis] = 1 } else { shape.remove(at: axis) }
    return [TensorType(.i64, shape)]
  }

  /// The least (or largest) position among those whose element equals the extreme one.
  package func expand(_ b: inout GraphBuilder, _ operands: [Value]) throws(OpError) -> [Value] {
    let x = operands[0]
    let shape = b.shape(of: x)
    var counted = [Int](repeating: 1, count: shape.count)
    counted[axis] = shape[axis]
    let extreme = try b.apply(Extreme(axes: [axis]), x)
    let isExtreme = try b.apply(Equal(), x, extreme)
    let position = try b.apply(Iota(shape: counted, axis: axis, type: .i64))
    let none = b.scalar(last ? 0 : Double(shape[axis] - 1), .i64)
    let candidate = try b.apply(Where(), isExtreme, position, none)
    let found =
      last
      ? try b.apply(ReduceMax(axes: [axis], keep: keep), candidate)
      : try b.apply(ReduceMin(axes: [axis], keep: keep), candidate)
    return [found]
  }
}

extension ArgReductionOp {
  package func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    guard let rule = Self.onnx.first else { return false }
    call.finish(
      rule.name, nil, ["axis": .int(axis), "keepdims": .bool(keep), "select_last_index": .bool(last)])
    return true
  }
}
