import LoopIR

/// NumPy's broadcasting rule: shapes are aligned at the end; an extent of 1 stretches.
package enum Broadcasting {
  /// The common shape. Throws an error that shows both shapes.
  package static func shape(_ shapes: [[Int]]) throws(OpError) -> [Int] {
    var result: [Int] = []
    for shape in shapes { result = try shapeOf(result, shape) }
    return result
  }

  private static func shapeOf(_ a: [Int], _ b: [Int]) throws(OpError) -> [Int] {
    let rank = max(a.count, b.count)
    var result: [Int] = []
    for place in 0..<rank {
      let (i, j) = (place - rank + a.count, place - rank + b.count)
      let (m, n) = (i < 0 ? 1 : a[i], j < 0 ? 1 : b[j])
      guard m == n || m == 1 || n == 1 else {
        throw OpError(
          "shapes \(a) and \(b) do not broadcast: \(m) against \(n) at axis \(place)",
          help: "extents must agree or be 1, counted from the last axis")
      }
      result.append(m == 1 ? n : m)
    }
    return result
  }

  /// The element of an operand that stands beside the given position of the result.
  package static func read(_ operand: Tensor, at axes: [Axis]) -> Scalar {
    let skipped = axes.count - operand.rank
    return operand[
      operand.shape.enumerated().map { place, extent in
        extent == 1 ? .constant(0) : .axis(axes[place + skipped])
      }]
  }
}

/// An operator whose every element is one scalar expression of the operands' elements, with broadcasting.
package protocol PointwiseOp: PrimitiveOp {
  /// The expression; its derivative comes from it symbolically.
  func value(_ x: [Scalar]) -> Scalar
  /// Element type of the result; by default that of the first operand.
  func resultElement(_ operands: [ElementType]) throws(OpError) -> ElementType
}

extension PointwiseOp {
  package func resultElement(_ operands: [ElementType]) throws(OpError) -> ElementType {
    try Self.requireSame(operands)
  }

  package func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let element = try resultElement(operands.map(\.element))
    return [TensorType(element, try Broadcasting.shape(operands.map(\.shape)))]
  }

  package func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let axes = Equation.axes(of: results[0])
    let elements = operands.map { Broadcasting.read($0, at: axes) }
    return [Equation(results[0], axes, value(elements))]
  }
}

extension Op {
  /// All operands must have one element type, which is returned.
  package static func requireSame(_ elements: [ElementType]) throws(OpError) -> ElementType {
    for (place, element) in elements.enumerated() where element != elements[0] {
      throw OpError(
        "operands of '\(name)' differ in type: \(elements[0]) and \(element)", at: .operand(place),
        help: "use cast(x, to: \"\(elements[0])\")")
    }
    return elements[0]
  }

  /// Throws unless the operand is floating point.
  package static func requireFloat(_ type: TensorType, operand place: Int = 0) throws(OpError) {
    if type.element.isFloatingPoint { return }
    throw OpError(
      "'\(name)' takes floating point, found \(type)", at: .operand(place), help: "use cast(x, to: \"f32\")")
  }
}
