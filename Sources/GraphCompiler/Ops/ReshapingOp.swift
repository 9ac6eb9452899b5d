import LoopIR

/// An operator of one operand that keeps every element, in row-major order, under another shape.
package protocol ReshapingOp: PrimitiveOp, UnaryPullbackRule {
  /// The new shape. Its count is that of the operand.
  func resultShape(_ x: TensorType) throws(OpError) -> [Int]
}

extension ReshapingOp {
  package static var operands: [Operand] { [Operand("x")] }
  package var keepsRowMajorOrder: Bool { true }

  package func gradient(_ b: inout GraphBuilder, x: Value, y: Value, dy: Value) throws(OpError) -> Value {
    try b.apply(Reshape(to: b.shape(of: x)), dy)
  }

  package func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    [TensorType(operands[0].element, try resultShape(operands[0]))]
  }

  package func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let (x, y) = (operands[0], results[0])
    let axes = Equation.axes(of: y)
    let place = RowMajor.place(of: axes.map(\.index), shape: y.shape)
    return [Equation(y, axes, x[RowMajor.indices(of: place, shape: x.shape)])]
  }
}

/// Elements counted in row-major order.
package enum RowMajor {
  /// The number of the element at a position.
  package static func place(of indices: [Index], shape: [Int]) -> Index {
    zip(indices, shape).reduce(Index.constant(0)) { $0 * $1.1 + $1.0 }
  }

  /// The position of the element with that number.
  package static func indices(of place: Index, shape: [Int]) -> [Index] {
    var result: [Index] = []
    var rest = place
    for (axis, extent) in shape.enumerated().reversed() {
      let count = max(1, extent)
      result.append(axis == 0 ? rest : rest.remainder(dividingBy: count))
      rest = rest.dividedRoundingDown(by: count)
    }
    return result.reversed()
  }
}
