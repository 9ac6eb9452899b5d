import LoopIR

/// What a window sees beyond the edge of its input.
package enum PadMode: String, WordAttribute {
  case zeros, constant, reflect, replicate, circular

  /// Whatever repeats pixels of the input needs an input that is large enough.
  package func check(_ window: Window, input: [Int]) throws(OpError) {
    try check(before: window.before, after: window.after, input: input, axes: "spatial axis", field: "pad")
  }

  package func check(
    before: [Int], after: [Int], input: [Int], axes: String, field: String
  ) throws(OpError) {
    for (axis, extent) in input.enumerated() {
      guard let limit = largestPadding(extent) else { return }
      let padding = max(before[axis], after[axis])
      guard limit >= 0 else {
        throw OpError("\(rawValue) padding repeats pixels, but the input has none along \(axes) \(axis)")
      }
      guard padding <= limit else {
        throw OpError(
          "\(rawValue) padding of \(padding) is too much for an input of \(extent) along \(axes) \(axis): "
            + "at most \(limit)", at: .field(field))
      }
    }
  }

  /// How far this mode reaches beyond an input; nil for any distance, negative for an input without pixels.
  private func largestPadding(_ extent: Int) -> Int? {
    switch self {
    case .zeros, .constant: nil
    case .replicate: extent == 0 ? -1 : Window.attributeLimit
    case .reflect: extent - 1
    case .circular: extent == 0 ? -1 : extent
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

extension PadMode {
  /// ONNX's word, and the operator set that brought it.
  var onnx: (mode: String, version: Int) {
    switch self {
    case .zeros, .constant: ("constant", 1)
    case .reflect: ("reflect", 1)
    case .replicate: ("edge", 1)
    case .circular: ("wrap", 19)
    }
  }

  var isConstant: Bool {
    switch self {
    case .zeros, .constant: true
    case .reflect, .replicate, .circular: false
    }
  }
}

extension ONNXWriting {
  /// A node around a value: margins before each axis, then behind each axis.
  func padded(_ value: String, _ pads: [Int], _ mode: PadMode, _ number: Double) -> String {
    let (kind, version) = mode.onnx
    let filling = mode.isConstant ? scalar(mode == .constant ? number : 0, types[0].element) : nil
    return node("Pad", [value, ints(pads), filling], ["mode": .string(kind)], since: version)
  }
}
