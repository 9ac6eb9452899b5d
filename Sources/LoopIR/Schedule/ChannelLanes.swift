/// Schedules for what walks tensors in blocks of channels and is no contraction: pooling, depthwise convolution,
/// pointwise work, copies.
extension Equation {
  /// Pixels whose windows are computed together, so that they share what they read.
  private static let pixelsPerTile = 8
  /// Long sums that are taken together.
  private static let sumsPerTile = 9
  /// Windows of more places than this are walked by loops.
  private static let largestUnrolledWindow = 25

  /// Lanes along the channels of a result in blocks, or along the axis by which the channels of an operand in blocks
  /// are walked; nil where no tensor is in blocks.
  package func channelSchedule(_ layout: (Tensor) -> Layout) -> Schedule? {
    guard isSinglePrecision, scatter == nil, let channel = channelLanes(layout) else { return nil }
    let names = pieces(of: channel, 3)
    var (others, directives) = phases(of: axes.filter { $0 != channel && $0.extent > 1 })
    let windows = value.reductionAxes.filter { $0.extent > 1 }
    let window = windows.placeCount
    var (outer, inner) = (others.map(\.name), [String]())
    if !windows.isEmpty, window <= Self.largestUnrolledWindow, let last = others.last {
      directives += windows.map { .unroll($0.name) }
      let width = Contraction.equalPiece(last.extent, atMost: Self.pixelsPerTile)
      let parts = pieces(of: last, 2)
      if width < last.extent {
        directives.append(.split(last.name, factor: width, outer: parts[0], inner: parts[1]))
        outer[outer.count - 1] = parts[0]
        inner = [parts[1]]
      } else {
        outer.removeLast()
        inner = [last.name]
      }
    } else if window > Self.largestUnrolledWindow {
      inner = namesOfTaps(others.filter { $0 != axes[0] })
      outer.removeAll { inner.contains($0) }
    }
    let lane: String
    if channel.extent > Layout.block {
      directives.append(.split(channel.name, factor: Layout.block, outer: names[0], inner: names[1]))
      lane = names[1]
    } else {
      lane = channel.name
    }
    let batch = outer.prefix { $0 == axes[0].name && axes[0] != channel }
    let rest = Array(outer.dropFirst(batch.count))
    directives.append(.reorder(Array(batch) + [names[0]] + rest + inner + [lane]))
    directives += inner.map { .unroll($0) }
    directives.append(.vectorize(lane))
    return Schedule(directives)
  }

  /// Layouts that put the channels of weights side by side, for the lanes of `channelSchedule`.
  package func channelLayouts(
    of parameters: [Tensor], _ layout: (Tensor) -> Layout
  ) -> [(tensor: Tensor, layout: Layout)] {
    guard isSinglePrecision, scatter == nil, let channel = channelLanes(layout) else { return [] }
    return parameters.compactMap { tensor in
      let reads = allReads.filter { $0.tensor == tensor }
      guard tensor.rank > 1, let first = reads.first, layout(tensor).isPlain,
        let place = first.indices.firstIndex(of: .axis(channel)), place < tensor.rank - 1,
        reads.allSatisfy({ read in
          read.outside == nil && read.indices[place] == .axis(channel)
            && !read.indices.enumerated().contains { $0.offset != place && $0.element.mentions(channel) }
        })
      else { return nil }
      return (tensor, .blocked(rank: tensor.rank, dimension: place, by: Layout.block))
    }
  }

  /// Axes of a result for which long sums are taken at the same time, so that each number is read once for all: the taps
  /// of a depthwise convolution, in gradients by its weights.
  private func namesOfTaps(_ axes: [Axis]) -> [String] {
    var (names, count) = ([String](), 1)
    for axis in axes.reversed() {
      count *= axis.extent
      if count > Self.sumsPerTile { break }
      names.insert(axis.name, at: 0)
    }
    return names
  }

  private func channelLanes(_ layout: (Tensor) -> Layout) -> Axis? {
    if layout(result).isChannelBlocked { return axes[1] }
    for access in allReads where access.tensor.rank > 2 && layout(access.tensor).isChannelBlocked {
      if case .axis(let channel) = access.indices[1], axes.contains(channel) { return channel }
    }
    return nil
  }
}

extension Scalar {
  /// Axes of all reductions in the expression.
  fileprivate var reductionAxes: [Axis] {
    var found: [Axis] = []
    forEach { if case .reduce(_, let axes, _) = $0 { found += axes } }
    return found
  }
}
