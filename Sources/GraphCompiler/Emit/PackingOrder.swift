import LoopIR

/// How the elements of a tensor go from row-major order into a layout, some slices at a time. A slice is one place
/// of the layout's outermost dimension: neighbours in the target that come from neighbours in the source.
struct PackingOrder: Sendable {
  /// A dimension of the layout, as a digit of the offset: a number of mixed radix.
  struct Digit: Sendable, Equatable {
    var extent: Int
    /// Elements from one place to the next.
    var sourceStride: Int
    var targetStride: Int
    /// What one place adds to the position in a dimension of the tensor.
    var step: Int
    var dimension: Int
    /// Whether the layout has more places than the dimension has positions.
    var isGuarded: Bool
    /// Whether the digits outside of it and itself give the position in the dimension.
    var isLast: Bool
  }

  let shape: [Int]
  /// Outermost first, never empty. The first one counts slices.
  let digits: [Digit]
  /// Width of the layout's margin in front of each dimension.
  let margins: [Int]
  /// The element that the first place of the layout would have: before the tensor, where there is a margin.
  let firstElement: Int

  init(layout: Layout, shape: [Int]) {
    self.shape = shape
    let strides = shape.indices.map { shape[($0 + 1)...].reduce(1, *) }
    let margins = shape.indices.map { layout.halos.isEmpty ? 0 : layout.halos[$0].before }
    self.margins = margins
    firstElement = -zip(margins, strides).reduce(0) { $0 + $1.0 * $1.1 }
    digits = Self.sliceable(Self.merged(Self.digits(layout, shape, strides)), count: shape.reduce(1, *))
  }

  var sliceCount: Int { digits[0].extent }

  /// Elements of one slice, padding included.
  var sliceLength: Int { digits[0].targetStride }

  /// Whether every place of the target has an element.
  var isDense: Bool { !digits.contains(where: \.isGuarded) }

  /// The elements that slices come from, in row-major order.
  func sourceRange(of slices: Range<Int>) -> Range<Int> {
    let count = shape.reduce(1, *)
    let (first, stride) = (digits[0], digits[0].sourceStride)
    let margin = first.isGuarded ? margins[first.dimension] * (stride / first.step) : 0
    let (lower, upper) = (slices.lowerBound * stride - margin, slices.upperBound * stride - margin)
    return min(max(lower, 0), count)..<min(max(upper, 0), count)
  }

  private static func digits(_ layout: Layout, _ shape: [Int], _ strides: [Int]) -> [Digit] {
    var places = shape.map { _ in 1 }
    for part in layout.order { places[part.position.dimension] *= layout.extent(of: part, shape: shape) }
    var digits: [Digit] = []
    var targetStride = 1
    var met: Set<Int> = []
    for part in layout.order.reversed() {
      let (dimension, step) = part.position
      let extent = layout.extent(of: part, shape: shape)
      digits.append(
        Digit(
          extent: extent, sourceStride: step * strides[dimension], targetStride: targetStride, step: step,
          dimension: dimension, isGuarded: places[dimension] != shape[dimension],
          isLast: met.insert(dimension).inserted))
      targetStride *= extent
    }
    return digits.reversed()
  }

  /// Fewer digits: one for neighbours that the source walks like one, none for a single place.
  private static func merged(_ digits: [Digit]) -> [Digit] {
    var merged: [Digit] = []
    for digit in digits where digit.isGuarded || digit.extent != 1 {
      if let outer = merged.last, !outer.isGuarded, !digit.isGuarded,
        outer.sourceStride == digit.extent * digit.sourceStride
      {
        merged[merged.count - 1] = digit
        merged[merged.count - 1].extent *= outer.extent
      } else {
        merged.append(digit)
      }
    }
    return merged
  }

  /// With a single slice in front where the outermost digit does not cut the source into neighbours.
  private static func sliceable(_ digits: [Digit], count: Int) -> [Digit] {
    let reach = digits.dropFirst().reduce(0) { $0 + ($1.extent - 1) * $1.sourceStride }
    if let first = digits.first, reach < first.sourceStride { return digits }
    let length = digits.first.map { $0.extent * $0.targetStride } ?? 1
    let whole = Digit(
      extent: 1, sourceStride: count, targetStride: length, step: 1, dimension: 0, isGuarded: false,
      isLast: true)
    return [whole] + digits
  }
}

extension Layout.Dimension {
  /// Which dimension of the tensor it walks, and how far one place goes there.
  fileprivate var position: (dimension: Int, step: Int) {
    switch self {
    case .whole(let dimension), .within(let dimension, _): (dimension, 1)
    case .blocks(let dimension, let block): (dimension, block)
    }
  }
}
