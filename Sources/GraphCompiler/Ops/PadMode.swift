import LoopIR

/// What a window sees beyond the edge of its input.
package enum PadMode: String, WordAttribute {
  case zeros, constant, reflect, replicate, circular

  /// Reflection and wrapping need an input that is large enough.
  package func check(_ window: Window, input: [Int]) throws(OpError) {
    let limits: [Int]
    switch self {
    case .zeros, .constant, .replicate: return
    case .reflect: limits = input.map { $0 - 1 }
    case .circular: limits = input
    }
    for axis in 0..<window.rank where max(window.before[axis], window.after[axis]) > limits[axis] {
      throw OpError(
        "\(rawValue) padding of \(max(window.before[axis], window.after[axis])) needs an input larger than "
          + "\(input[axis]) along spatial axis \(axis)", at: .field("pad"))
    }
  }

  /// The element of `x` at `leading` and spatial positions that may lie outside.
  package func read(
    _ x: Tensor, _ leading: [Index], _ positions: [Index], constant: Double, isPadded: Bool
  ) -> Scalar {
    let extents = Array(x.shape[leading.count...])
    switch self {
    case .zeros where isPadded: return x[leading + positions, outside: 0]
    case .constant where isPadded: return x[leading + positions, outside: constant]
    case .zeros, .constant: return x[leading + positions]
    case .reflect, .replicate, .circular:
      return x[leading + zip(positions, extents).map(map)]
    }
  }

  /// The position inside `0..<extent` that stands for one outside.
  func map(_ position: Index, _ extent: Int) -> Index {
    switch self {
    case .zeros, .constant: position
    case .replicate: position.clamped(to: 0...extent - 1)
    case .circular: position.remainder(dividingBy: extent)
    case .reflect: reflected(position, extent)
    }
  }

  /// Mirrors at both edges without repeating them: |x| folded back at extent - 1.
  private func reflected(_ position: Index, _ extent: Int) -> Index {
    let left = Index.maximum(position, position * -1).simplified
    let last = extent - 1
    return Index.minimum(left, Index.maximum(left, .constant(last)) * -1 + 2 * last).simplified
  }
}

extension Window {
  /// True where any window reaches beyond the input (by padding, or by rounding up).
  package var isPadded: Bool {
    ceil || before.contains { $0 > 0 } || after.contains { $0 > 0 }
  }
}
