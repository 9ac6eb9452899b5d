/// The meaning of an operator: the value of every element of one tensor.
///
///     y[n, o, i, j] = sum(c, p, q) x[n, c, i + p - 1, j + q - 1 | 0] * w[o, c, p, q]
///
/// The interpreter evaluates it, lowering schedules it, the emitter quotes it above the kernel.
package struct Equation: Hashable, Sendable {
  package var result: Tensor
  /// One axis for each dimension of the result (for a scatter: the axes that are walked, in row-major order).
  package var axes: [Axis]
  package var value: Scalar
  package var scatter: Scatter?

  package init(_ result: Tensor, _ axes: [Axis], _ value: Scalar, scatter: Scatter? = nil) {
    self.result = result
    self.axes = axes
    self.value = value
    self.scatter = scatter
  }
}

/// An equation that writes where the data says: `y = initial; for axes: y[target] = combine(y[target],
/// value)`. Without a combiner the last write wins. A target outside the tensor writes nothing.
package struct Scatter: Hashable, Sendable {
  package var target: [Index]
  package var initial: Scalar
  package var combine: Reduction?

  package init(target: [Index], initial: Scalar, combine: Reduction? = nil) {
    self.target = target
    self.initial = initial
    self.combine = combine
  }
}

extension Equation {
  /// Axes `prefix0 prefix1 …` or the given names, one for each extent.
  package static func axes(_ names: [String], _ extents: [Int]) -> [Axis] {
    zip(names, extents).map { Axis($0, $1) }
  }

  /// Conventional names for the axes of a tensor: n c i j, with d for volumes.
  package static func axisNames(rank: Int) -> [String] {
    switch rank {
    case 0: []
    case 1: ["i"]
    case 2: ["n", "c"]
    case 3: ["n", "c", "i"]
    case 4: ["n", "c", "i", "j"]
    case 5: ["n", "c", "d", "i", "j"]
    default: (0..<rank).map { "a\($0)" }
    }
  }

  /// The usual axes of a result: its dimensions under their conventional names.
  package static func axes(of result: Tensor) -> [Axis] {
    axes(axisNames(rank: result.rank), result.shape)
  }
}
