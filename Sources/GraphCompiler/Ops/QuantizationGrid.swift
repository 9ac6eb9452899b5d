import LoopIR

/// How scales and zero points spread over a tensor: one for all, one for each position of an axis, or one for
/// each block of positions along it.
package enum QuantizationGrid {
  /// The axis in `0..<rank`; one scale for all needs no axis.
  package static func resolve(
    _ axis: Int, block: Int, _ x: TensorType, _ scale: TensorType
  ) throws(OpError) -> Int {
    block == 0 && isSingle(scale.shape) ? axis : try AxisAttribute.resolve(axis, rank: x.rank)
  }

  private static func isSingle(_ shape: [Int]) -> Bool { shape.isEmpty || shape == [1] }

  /// Throws unless the scale, and the zero point if there is one, fit the tensor.
  package static func check(
    _ operands: [TensorType], axis: Int, block: Int
  ) throws(OpError) {
    let (x, scale) = (operands[0], operands[1])
    if operands.count == 3, operands[2].shape != scale.shape {
      throw OpError("scale \(scale) and zero point \(operands[2]) differ in shape", at: .operand(2))
    }
    if block == 0 {
      if isSingle(scale.shape) { return }
      guard scale.shape == [x.shape[axis]] else {
        throw OpError(
          "expected one scale or \(x.shape[axis]), for axis \(axis) of \(x), found \(scale)", at: .operand(1))
      }
    } else {
      guard block > 0 else {
        throw OpError("'block' must be at least 0, found \(block)", at: .field("block"))
      }
      var expected = x.shape
      expected[axis] = x.shape[axis] == 0 ? 0 : (x.shape[axis] - 1) / block + 1
      guard scale.shape == expected else {
        throw OpError(
          "expected scales \(expected) for blocks of \(block) along axis \(axis) of \(x), found \(scale)",
          at: .operand(1))
      }
    }
  }

  /// The scale or zero point of the element at the given position.
  package static func read(_ parameter: Tensor, at axes: [Axis], axis: Int, block: Int) -> Scalar {
    if block == 0 {
      if parameter.rank == 0 { return parameter[[Index]()] }
      return parameter[[isSingle(parameter.shape) ? .constant(0) : .axis(axes[axis])]]
    }
    var position = axes.map(\.index)
    position[axis] = position[axis].dividedRoundingDown(by: block)
    return parameter[position]
  }

  package static let axisSummary = "the axis that the scales belong to"
  package static let blockSummary = "neighbours along the axis that share a scale; 0: no blocks"
}

extension ONNXCall {
  /// `axis` and `block_size` of an operator with scales as its second input.
  func quantizationGrid(axis: inout Int, block: inout Int) throws(OpError) {
    axis = try int("axis", default: 1)
    block = try int("block_size", default: 0)
    // With one axis and one scale for each of its positions, any axis means that one.
    if rank(try input(0)) == 1, block == 0 { axis = 0 }
  }

  /// An element type that an attribute numbers, 0 standing for none.
  func quantizationType(_ name: String) throws(OpError) -> ElementType? {
    try int(name) == 0 ? nil : try element(name)
  }
}
