/// Where the elements of a tensor lie in memory: logical positions to offsets.
///
/// A layout is an order of dimensions, outermost first. A dimension may be split into blocks: `c/16` walks
/// the blocks, `c%16` the places inside one. Channel-blocked activations are `[0, 1/16, 2, 3, 1%16]`, plain
/// ones `[0, 1, 2, 3]`. A halo is a margin of zeros around the tensor, so that a window may read past its
/// edge.
package struct Layout: Hashable, Sendable {
  package enum Dimension: Hashable, Sendable {
    case whole(Int)
    case blocks(Int, of: Int)
    case within(Int, of: Int)
  }

  package struct Halo: Hashable, Sendable {
    package var before: Int
    package var after: Int

    package init(before: Int, after: Int) {
      self.before = before
      self.after = after
    }
  }

  /// Channels of a block: as many as the widest vectors have lanes.
  package static let block = 16

  package var order: [Dimension]
  /// One for each logical dimension, or empty for none at all.
  package var halos: [Halo]

  package init(order: [Dimension], halos: [Halo] = []) {
    self.order = order
    self.halos = halos
  }

  /// Row-major order, nothing between the elements.
  package static func plain(rank: Int) -> Layout {
    Layout(order: (0..<rank).map { .whole($0) })
  }

  /// Row-major order with one dimension cut into blocks that lie innermost.
  package static func blocked(rank: Int, dimension: Int, by block: Int) -> Layout {
    let outer = (0..<rank).map { $0 == dimension ? Dimension.blocks($0, of: block) : .whole($0) }
    return Layout(order: outer + [.within(dimension, of: block)])
  }

  /// Blocks of one dimension outermost, so that what other dimensions number lies together: `[1/16 0 1%16]`.
  package static func blocksOutermost(rank: Int, dimension: Int, by block: Int) -> Layout {
    let others = (0..<rank).filter { $0 != dimension }.map { Dimension.whole($0) }
    return Layout(order: [.blocks(dimension, of: block)] + others + [.within(dimension, of: block)])
  }

  /// Blocks of channels, as wide as a vector, innermost: `[0 1/16 2 3 1%16]`.
  package static func channelBlocked(rank: Int, halos: [Halo] = []) -> Layout {
    var layout = blocked(rank: rank, dimension: 1, by: Layout.block)
    layout.halos = halos.contains { $0.before > 0 || $0.after > 0 } ? halos : []
    return layout
  }

  package var isChannelBlocked: Bool { order.last == .within(1, of: Layout.block) }

  /// The dimension of which a block lies innermost.
  package var blockedDimension: Int? {
    if case .within(let dimension, _)? = order.last { dimension } else { nil }
  }

  package var isPlain: Bool {
    halos.allSatisfy { $0.before == 0 && $0.after == 0 }
      && order.enumerated().allSatisfy { $0.element == .whole($0.offset) }
  }

  /// Number of places of one dimension of the order, for a tensor of the given shape.
  package func extent(of dimension: Dimension, shape: [Int]) -> Int {
    switch dimension {
    case .whole(let d): paddedExtent(d, shape)
    case .blocks(let d, let block): (paddedExtent(d, shape) + block - 1) / block
    case .within(_, let block): block
    }
  }

  private func paddedExtent(_ d: Int, _ shape: [Int]) -> Int {
    halos.isEmpty ? shape[d] : shape[d] + halos[d].before + halos[d].after
  }

  /// Number of element places that the tensor takes, padding included.
  package func elementCount(shape: [Int]) -> Int {
    order.reduce(1) { $0 * extent(of: $1, shape: shape) }
  }

  /// The same for a layout from elsewhere; nil where the number overflows. The extents are at least 0.
  func checkedElementCount(shape: [Int]) -> Int? {
    var count = 1
    for dimension in order {
      let (product, overflow) = count.multipliedReportingOverflow(
        by: max(1, extent(of: dimension, shape: shape)))
      if overflow { return nil }
      count = product
    }
    return count
  }

  /// Offset, in elements, of a logical position.
  package func offset(of indices: [Index], shape: [Int]) -> Index { offsetForm(of: indices, shape: shape).index }

  /// The same as a sum of terms.
  package func offsetForm(of indices: [Index], shape: [Int]) -> LinearForm {
    var strides: [Int] = []
    var stride = 1
    for dimension in order.reversed() {
      strides.append(stride)
      stride *= extent(of: dimension, shape: shape)
    }
    var offset = LinearForm(.constant(0))
    for (dimension, stride) in zip(order, strides.reversed()) {
      offset.add(simplifying: position(in: dimension, indices), times: stride)
    }
    return offset
  }

  private func position(in dimension: Dimension, _ indices: [Index]) -> Index {
    func shifted(_ d: Int) -> Index { halos.isEmpty ? indices[d] : indices[d] + halos[d].before }
    return switch dimension {
    case .whole(let d): shifted(d)
    case .blocks(let d, let block): shifted(d).dividedRoundingDown(by: block)
    case .within(let d, let block): shifted(d).remainder(dividingBy: block)
    }
  }
}

extension Layout: CustomStringConvertible {
  /// `[0 1/16 2 3 1%16]`, followed by `halo [1+1 …]` where there is one.
  package var description: String {
    let dimensions = order.map { dimension in
      switch dimension {
      case .whole(let d): "\(d)"
      case .blocks(let d, let block): "\(d)/\(block)"
      case .within(let d, let block): "\(d)%\(block)"
      }
    }
    let margins = halos.map { "\($0.before)+\($0.after)" }.joined(separator: " ")
    return "[\(dimensions.joined(separator: " "))]" + (margins.isEmpty ? "" : " halo [\(margins)]")
  }
}

extension Layout {
  /// True where every dimension is placed once, whole or in blocks.
  package func isSound(rank: Int) -> Bool {
    guard halos.isEmpty || halos.count == rank, halos.allSatisfy({ $0.before >= 0 && $0.after >= 0 }) else {
      return false
    }
    let expected = (0..<rank).allSatisfy { dimension in
      let parts = order.filter { $0.dimension == dimension }
      if parts == [.whole(dimension)] { return true }
      guard parts.count == 2, case .blocks(_, let block) = parts[0] else { return false }
      return block > 0 && parts[1] == .within(dimension, of: block)
    }
    return expected && order.allSatisfy { (0..<rank).contains($0.dimension) }
  }
}

extension Layout.Dimension {
  fileprivate var dimension: Int {
    switch self {
    case .whole(let dimension), .blocks(let dimension, _), .within(let dimension, _): dimension
    }
  }
}
