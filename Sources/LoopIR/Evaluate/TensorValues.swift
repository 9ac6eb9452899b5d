/// The elements of a tensor in double precision, in row-major order: what the evaluator computes on.
package struct TensorValues: Hashable, Sendable {
  package var shape: [Int]
  package var values: [Double]

  /// There must be as many values as the shape has places.
  package init(shape: [Int], values: [Double]) {
    precondition(shape.reduce(1, *) == values.count, "\(values.count) values do not fill the shape \(shape)")
    self.shape = shape
    self.values = values
  }

  package init(shape: [Int], repeating value: Double) {
    self.init(shape: shape, values: [Double](repeating: value, count: shape.reduce(1, *)))
  }

  package var count: Int { values.count }
}
