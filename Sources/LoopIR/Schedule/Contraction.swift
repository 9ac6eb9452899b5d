/// The shape of a contraction, as far as a schedule cares: which axis of the result only one factor has, and which
/// axes number the pixels.
///
/// In `y[n,o,i,j] = sum(c,p,q) x[n,c,i+p,j+q] * w[o,c,p,q]` the lanes are `o` (the weights can be packed so that their
/// lanes are neighbours, the pixel is broadcast) and the pixels are `i` and `j`. In the gradient by the weights,
/// `sum(n,i,j) dy[n,o,i,j] * x[n,c,i+p,j+q]`, the lanes are `o` again, `dy` is packed when the network runs, and `c`,
/// `p` and `q` number the pixels.
package struct Contraction: Hashable, Sendable {
  package var lanes: Axis
  /// Innermost last.
  package var pixels: [Axis]
  package var others: [Axis]
  /// Tensors to be packed, with the dimension that the lanes walk.
  package var packed: [Packing]
  /// Axes of the sum, outermost first.
  private let sums: [Axis]
  /// The axis of the sum that walks the channels of a factor in blocks.
  private let blockedSum: Axis?
  /// The pixel axis that walks the channels of a factor in blocks: in gradients by weights.
  private let blockedPixel: Axis?
  private let equation: Equation

  package struct Packing: Hashable, Sendable {
    package var tensor: Tensor
    package var dimension: Int
    /// Lanes of the last dimension, and of blocks, are neighbours as they are.
    fileprivate var isNeeded: Bool
  }

  /// When the elements of a tensor can be brought into another order.
  package enum Packable {
    /// Before the network runs: it costs nothing.
    case once
    /// Whenever the kernel runs.
    case everyRun
    case never
  }

  /// nil where the equation is no sum of products in single precision with an axis that only one factor has.
  ///
  /// An axis whose tensors are packed once is best, then one whose tensors have their lanes side by side already;
  /// otherwise the one that fills its vectors best.
  ///
  /// - Parameter lanes: the only axis that can be the lanes; nil where any may.
  package init?(
    _ equation: Equation, layout: (Tensor) -> Layout = { .plain(rank: $0.rank) }, lanes only: Axis? = nil,
    packable: (Tensor) -> Packable
  ) {
    guard equation.isSinglePrecision, equation.scatter == nil, let (sums, body) = equation.value.onlySum
    else { return nil }
    let reads = body.reads
    var best: (axis: Axis, packings: [Packing], score: Double)?
    for axis in equation.axes.reversed() where axis.extent >= 4 && only ?? axis == axis {
      let with = reads.filter { $0.indices.contains { $0.mentions(axis) } }
      let without = reads.filter { !$0.indices.contains { $0.mentions(axis) } }
      let packings = with.compactMap { Self.packing($0, axis, layout) }
      guard !with.isEmpty, !without.isEmpty, packings.count == with.count else { continue }
      let kinds = packings.map { packing in (packing, packable(packing.tensor)) }
      let isFree = kinds.allSatisfy { $0.1 == .once }
      guard isFree || kinds.allSatisfy({ $0.1 != .never || !$0.0.isNeeded }) else { continue }
      let vectors = (axis.extent + CEmitter.lanes - 1) / CEmitter.lanes
      let filled = Double(axis.extent) / Double(vectors * CEmitter.lanes)
      let isSideBySide = !isFree && kinds.allSatisfy { layout($0.0.tensor).isChannelBlocked }
      let score = isFree ? 3 : filled * (vectors > 1 ? 1 : 0.75) + (isSideBySide ? 1 : 0)
      if score > best?.score ?? 0 {
        // Where nothing needs to be packed at run time, nothing is.
        best = (axis, isFree ? packings : packings.filter(\.isNeeded), score)
      }
    }
    guard let best else { return nil }
    self.equation = equation
    lanes = best.axis
    packed = best.packings
    let without = reads.filter { !$0.indices.contains { $0.mentions(best.axis) } }
    self.sums = sums
    let blockedChannels = without.filter { $0.tensor.rank > 1 && layout($0.tensor).isChannelBlocked }.map { $0.indices[1] }
    blockedSum = sums.first { blockedChannels.contains(.axis($0)) }
    blockedPixel = equation.axes.first { $0 != best.axis && blockedChannels.contains(.axis($0)) }
    let rest = equation.axes.filter { $0 != best.axis && $0.extent > 1 }
    let walked = rest.filter { pixel in without.contains { $0.indices.contains { $0.mentions(pixel) } } }
    pixels = walked
    others = rest.filter { !walked.contains($0) }
  }

  /// nil where the lanes cannot be neighbours.
  private static func packing(_ access: Access, _ axis: Axis, _ layout: (Tensor) -> Layout) -> Packing? {
    let places = access.indices.indices.filter { access.indices[$0].mentions(axis) }
    guard places.count == 1, access.indices[places[0]] == .axis(axis), !access.isTested(besides: places[0]) else {
      return nil
    }
    let layout = layout(access.tensor)
    guard layout.isPlain || layout.isChannelBlocked && places[0] == 1 else { return nil }
    return Packing(tensor: access.tensor, dimension: places[0], isNeeded: layout.isPlain && places[0] != access.tensor.rank - 1)
  }
}

extension Contraction {
  /// Vectors of accumulators that fit beside the weights and a pixel into 32 registers.
  static let accumulatorLimit = 28
  /// Elements that fit into the first cache.
  private static let firstCacheElements = 8192
  private static let prefetchDistance = 512
  /// Terms of carried sums between two visits to memory.
  private static let carriedTerms = 128
  /// Channels whose gradients are summed up at the same time, for two vectors of other channels.
  private static let channelsPerTile = 8
  /// Pixels of the largest image that is walked as one row.
  private static let largestFlatImage = 64

  /// A register tile of up to 14 pixels by 2 vectors of lanes (4 where there is a single pixel).
  package var schedule: Schedule {
    var (phases, directives) = equation.phases(of: pixels)
    if phases != pixels {
      var one = self
      one.pixels = phases
      return Schedule(directives + one.schedule.directives)
    }
    let carried = carrySums(&directives)
    splitSums(&directives)
    let laneNames = splitLanes(&directives)
    let tile = splitPixels(&directives)
    let pixelLoops = tile.outer.filter { !tile.inner.contains($0) }
    // Threads share a loop around those of carried sums.
    let isLead = tile.blocks.isEmpty && lanes.extent <= CEmitter.lanes * vectorsPerTile
    let lead = isLead ? Array(pixelLoops.prefix(1)) : []
    directives.append(
      .reorder(
        others.map(\.name).filter { !pixelLoops.contains($0) } + laneNames.outer + tile.blocks + lead + carried
          + pixelLoops.dropFirst(lead.count) + tile.inner + laneNames.unrolled + [laneNames.lane]))
    directives += (tile.inner + laneNames.unrolled).map { .unroll($0) }
    directives += tile.separate.map { .separate($0) }
    directives.append(.vectorize(laneNames.lane))
    directives += prefetches
    return Schedule(directives)
  }

  /// Weights that no cache next to the core holds are fetched two kilobytes before they are needed.
  private var prefetches: [Schedule.Directive] {
    packed.map(\.tensor).filter { $0.shape.reduce(1, *) > Self.firstCacheElements && !sums.isEmpty }
      .map { .prefetch($0.name, ahead: Self.prefetchDistance) }
  }

  /// True for sums over images that are computed anew in every run, as in gradients by weights: tile after tile goes
  /// over as many terms as stay in the first cache. They can be carried in a result that is the sum itself.
  package var isCarried: Bool {
    packed.isEmpty && blockedSum == nil && sums.count > 1 && sums.reduce(1) { $0 * $1.extent } > Self.carriedTerms
  }

  /// The names of the loops that go around those of tiles.
  private func carrySums(_ directives: inout [Schedule.Directive]) -> [String] {
    guard isCarried, equation.value == .reduce(.sum, equation.value.onlySum?.axes ?? [], equation.value.onlySum?.body ?? 0)
    else { return [] }
    var carried: [String] = []
    var terms = sums.reduce(1) { $0 * $1.extent }
    for sum in sums where terms > Self.carriedTerms && sum.extent > 1 {
      let inside = terms / sum.extent
      let kept = max(1, Self.carriedTerms / inside)
      if kept == 1 {
        carried.append(sum.name)
      } else {
        let names = equation.pieces(of: sum, 2)
        directives.append(
          .split(sum.name, factor: Self.equalPiece(sum.extent, atMost: kept), outer: names[0], inner: names[1]))
        carried.append(names[0])
      }
      terms = inside * kept
    }
    directives += carried.map { .carry($0) }
    return carried
  }

  /// Sums walk a block's channels innermost, four at a time: one stream of weights, constant offsets of pixels.
  private func splitSums(_ directives: inout [Schedule.Directive]) {
    guard let blockedSum else { return unrollLongSum(&directives) }
    let names = equation.pieces(of: blockedSum, 3)
    let block = CEmitter.lanes
    directives.append(.split(blockedSum.name, factor: block, outer: names[0], inner: names[1]))
    let others = sums.filter { $0 != blockedSum && $0.extent > 1 }.map(\.name)
    if !others.isEmpty { directives.append(.reorder([names[0]] + others + [names[1]])) }
    directives.append(.split(names[1], factor: 4, outer: names[1], inner: names[2]))
    directives.append(.unroll(names[2]))
  }

  /// One long sum, of fully connected layers, runs four terms at a time too.
  private func unrollLongSum(_ directives: inout [Schedule.Directive]) {
    let long = sums.filter { $0.extent > 1 }
    guard long.count == 1, long[0].extent >= 16, long[0].extent.isMultiple(of: 4) else { return }
    let names = equation.pieces(of: long[0], 2)
    directives.append(.split(long[0].name, factor: 4, outer: names[0], inner: names[1]))
    directives.append(.unroll(names[1]))
  }

  /// Vectors of lanes that a tile has: as many as divide the lanes, so that no tile is half empty.
  package var vectorsPerTile: Int {
    let vectors = (lanes.extent + CEmitter.lanes - 1) / CEmitter.lanes
    if vectors == 1 { return 1 }
    if pixels.isEmpty { return lanes.extent >= 64 ? 4 : 2 }
    if blockedSum == nil { return 2 }
    return vectors.isMultiple(of: 2) ? 2 : vectors.isMultiple(of: 3) ? 3 : 2
  }

  private func splitLanes(
    _ directives: inout [Schedule.Directive]
  ) -> (outer: [String], unrolled: [String], lane: String) {
    let name = lanes.name
    if lanes.extent <= CEmitter.lanes { return ([], [], name) }
    let names = equation.pieces(of: lanes, 3)
    directives.append(.split(name, factor: CEmitter.lanes * vectorsPerTile, outer: names[0], inner: names[1]))
    directives.append(.split(names[1], factor: CEmitter.lanes, outer: names[1], inner: names[2]))
    return ([names[0]], [names[1]], names[2])
  }

  private struct Tile {
    /// Loops around those of carried sums.
    var blocks: [String] = []
    var outer: [String] = []
    var inner: [String] = []
    /// Loops of which each iteration has constants of its own.
    var separate: [String] = []
  }

  /// Images so small that rows fill tiles badly are walked as one row: 49 pixels as 13 + 13 + 13 + 10.
  private func flatPixels(_ directives: inout [Schedule.Directive]) -> Tile? {
    guard blockedSum != nil, pixels.count > 1, let last = pixels.last else { return nil }
    let before = pixels[pixels.count - 2]
    let count = before.extent * last.extent
    guard count <= Self.largestFlatImage, last.extent < 13 else { return nil }
    let name = equation.pieces(of: last, 3)[2]
    directives.append(.fuse(before.name, last.name, into: name))
    let width = Self.equalPiece(count, atMost: Self.accumulatorLimit / vectorsPerTile)
    let outer = pixels.dropLast(2).map(\.name)
    if width == count { return Tile(outer: outer, inner: [name]) }
    let names = equation.pieces(of: last, 2)
    directives.append(.split(name, factor: width, outer: names[0], inner: names[1]))
    return Tile(outer: outer + [names[0]], inner: [names[1]], separate: [names[0]])
  }

  /// Channels that are pixels: a power of two of them, so that no tile reaches into the next block.
  private func channelTile(_ directives: inout [Schedule.Directive]) -> Tile? {
    guard let blockedPixel, pixels.contains(blockedPixel) else { return nil }
    let names = equation.pieces(of: blockedPixel, 3)
    var (name, block) = (blockedPixel.name, [String]())
    if blockedPixel.extent > CEmitter.lanes {
      directives.append(.split(name, factor: CEmitter.lanes, outer: names[0], inner: names[1]))
      (name, block) = (names[1], [names[0]])
    }
    directives.append(.split(name, factor: Self.channelsPerTile, outer: names[1], inner: names[2]))
    let rest = pixels.filter { $0 != blockedPixel }.map(\.name)
    return Tile(blocks: block, outer: others.map(\.name) + rest + [names[1]], inner: [names[2]])
  }


  private func splitPixels(_ directives: inout [Schedule.Directive]) -> Tile {
    guard let last = pixels.last else { return Tile() }
    if let tile = flatPixels(&directives) ?? channelTile(&directives) { return tile }
    let room = Self.accumulatorLimit / vectorsPerTile / (vectorsPerTile == 1 && blockedSum == nil ? 2 : 1)
    let width = Self.equalPiece(last.extent, atMost: room)
    var outer = pixels.map(\.name)
    var inner: [String] = []
    let rows = room / width
    if rows > 1, pixels.count > 1, pixels[pixels.count - 2].extent > 1 {
      let axis = pixels[pixels.count - 2]
      split(axis, Self.equalPiece(axis.extent, atMost: rows), &outer, &inner, &directives)
    }
    split(last, width, &outer, &inner, &directives)
    return Tile(outer: outer, inner: inner)
  }

  private func split(
    _ axis: Axis, _ factor: Int, _ outer: inout [String], _ inner: inout [String],
    _ directives: inout [Schedule.Directive]
  ) {
    if factor == 1 { return }
    guard factor < axis.extent else {
      inner.append(axis.name)
      return
    }
    let names = equation.pieces(of: axis, 2)
    directives.append(.split(axis.name, factor: factor, outer: names[0], inner: names[1]))
    outer = outer.map { $0 == axis.name ? names[0] : $0 }
    inner.append(names[1])
  }

  /// 55 by at most 14 is 14 + 14 + 14 + 13: pieces as equal as can be, the last one smaller.
  static func equalPiece(_ extent: Int, atMost limit: Int) -> Int {
    let pieces = (extent + limit - 1) / limit
    return (extent + pieces - 1) / pieces
  }

  /// Layouts that put the lanes of the packed tensors side by side, in the order in which a tile reads them.
  package var layouts: [(tensor: Tensor, layout: Layout)] {
    let group = CEmitter.lanes * vectorsPerTile
    let block = lanes.extent.isMultiple(of: group) ? group : CEmitter.lanes
    return packed.map { packing in
      var layout = Layout.blocked(rank: packing.tensor.rank, dimension: packing.dimension, by: block)
      if let blockedSum, let place = place(of: blockedSum, in: packing.tensor) {
        layout.order[place] = .blocks(place, of: CEmitter.lanes)
        layout.order.insert(.within(place, of: CEmitter.lanes), at: layout.order.count - 1)
      }
      return (packing.tensor, layout)
    }
  }

  /// The dimension of a factor that an axis of the sum walks.
  private func place(of sum: Axis, in tensor: Tensor) -> Int? {
    let access = equation.value.onlySum?.body.reads.first { $0.tensor == tensor }
    return access?.indices.firstIndex(of: .axis(sum))
  }
}

extension Access {
  /// True where dimensions other than one, and those that strides make reach outside, are tested for the edge.
  fileprivate func isTested(besides dimension: Int) -> Bool {
    guard outside != nil else { return false }
    return zip(indices, tensor.shape).enumerated().contains { place, position in
      guard let range = position.0.range else { return true }
      if place == dimension { return false }
      let isInside = range.lowerBound >= 0 && range.upperBound < position.1
      return !isInside && !position.0.hasRemainder
    }
  }

  /// True where the taps of a strided window are chosen by a remainder.
  package var isStrided: Bool { indices.contains(where: \.hasRemainder) }
}

extension Index {
  fileprivate var hasRemainder: Bool {
    var found = false
    _ = rewritten(
      index: { part in
        if case .remainder = part { found = true }
        return part
      }, scalar: { $0 })
    return found
  }
}

extension Equation {
  /// Names for the pieces of an axis that is split, `j0` and `j1`, which no axis of the equation has.
  package func pieces(of axis: Axis, _ count: Int) -> [String] {
    let taken = Set((axes + boundAxes).map(\.name))
    var stem = axis.name
    while (0..<count).contains(where: { taken.contains("\(stem)\($0)") }) { stem += "_" }
    return (0..<count).map { "\(stem)\($0)" }
  }

  /// True where result and operands are all f32, so that vectors can be used.
  package var isSinglePrecision: Bool {
    result.element == .f32 && countingNothing.allReads.allSatisfy { $0.tensor.element == .f32 }
  }

  /// The equation without what random bits are counted by, which no vector holds.
  private var countingNothing: Equation {
    rewritten(scalar: { if case .random = $0 { .constant(0) } else { $0 } })
  }
}

extension Scalar {
  /// The axes and the body of the only reduction, where there is exactly one and it is a sum.
  package var onlySum: (axes: [Axis], body: Scalar)? {
    // Activations may name the same sum several times.
    var found: Set<Scalar> = []
    forEach { if case .reduce = $0 { found.insert($0) } }
    guard found.count == 1, case .reduce(.sum, let axes, let body)? = found.first else { return nil }
    return (axes, body)
  }
}
