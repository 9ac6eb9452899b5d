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

  /// The common type of operands that broadcast, with elements of one kind.
  package static func type(_ element: ElementType, _ operands: [TensorType]) throws(OpError) -> TensorType {
    TensorType(element, try shape(operands.map(\.shape)))
  }

  /// The axes of a result, and beside each of its positions the elements of the operands.
  package static func elements(_ operands: [Tensor], of result: Tensor) -> (axes: [Axis], elements: [Scalar]) {
    let axes = Equation.axes(of: result)
    return (axes, operands.map { read($0, at: axes) })
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
