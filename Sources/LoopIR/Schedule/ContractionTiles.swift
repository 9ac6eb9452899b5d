/// Register tiles for contractions.
extension Contraction {
  /// Elements that fit into the first cache.
  private static let firstCacheElements = 8192
  private static let prefetchDistance = 512
  /// Elements of weights that the second cache does not hold beside all else.
  private static let streamedElements = 32768
  /// Elements of a piece, beyond which no cache holds anything of it until it is used.
  private static let mostStreamedElements = 1 << 24
  /// Channels whose gradients are summed up at the same time, for two vectors of other channels.
  private static let channelsPerTile = 8
  /// Pixels of a tile at most where each lies in a row of its own channel.
  private static let pixelsOfRows = 14
  /// Parts of long rows for threads to share, at most, and the elements of each at least.
  private static let partsOfRows = 8
  private static let leastPartOfRow = 1024
  /// Pixels of the largest image that is walked as one row.
  private static let largestFlatImage = 64

  /// A register tile: on the widest registers, up to 14 pixels by 2 vectors of lanes (4 where there is a single pixel).
  package var schedule: Schedule {
    var (phases, directives) = equation.phases(of: pixels)
    if phases != pixels {
      var one = self
      one.pixels = phases
      return Schedule(directives + one.schedule.directives)
    }
    let carried = carrySums(&directives) + splitSums(&directives)
    var laneNames = splitLanes(&directives)
    let leadingLanes = leadLanes(&laneNames.outer, &directives)
    let tile = splitPixels(&directives)
    let pixelLoops = tile.outer.filter { !tile.inner.contains($0) }
    // Threads share a loop around those of carried sums; and every image is done with before the next one.
    let leads = tile.blocks.isEmpty && (hasFewLanes || pixelLoops.first.map(numbersImages) == true)
    let lead = leads ? Array(pixelLoops.prefix(1)) : []
    // What is cut off the tiles has been; every piece begins its sums right before it carries them on. Loops over lanes
    // are outermost: tiles that read the same weights carry their sums on together.
    let tileLoops = tile.blocks + pixelLoops + tile.inner
    if !carried.isEmpty, !tileLoops.isEmpty { directives.append(.reorder(tileLoops)) }
    directives += carried.map { .carry($0) }
    var outer = laneNames.outer + tile.blocks + lead + carried + pixelLoops.dropFirst(lead.count)
    if let leadingLanes { outer = [leadingLanes] + carried + laneNames.outer + pixelLoops }
    if writesRows { outer = pixelLoops + laneNames.outer }
    let places = pixelLoops.filter(isInAllFactors)
    if !places.isEmpty {
      // Products of their own for each place: more of them share what a piece of the sum reads.
      let around = tile.blocks.isEmpty ? [] : laneNames.outer.prefix(1)
      let first = places + (carried.isEmpty ? [] : around + carried + tile.blocks)
      let rest = carried.isEmpty ? outer : laneNames.outer + pixelLoops
      outer = first + rest.filter { !first.contains($0) }
    }
    directives.append(
      .reorder(
        others.map(\.name).filter { !pixelLoops.contains($0) } + outer + tile.inner + laneNames.unrolled
          + [laneNames.lane]))
    directives += (tile.inner + laneNames.unrolled).map { .unroll($0) }
    directives += tile.separate.map { .separate($0) }
    directives.append(.vectorize(laneNames.lane))
    directives += prefetches + streams(carried)
    return Schedule(directives)
  }

  /// True for the batch, in convolutions.
  private func numbersImages(_ name: String) -> Bool {
    guard blockedSum != nil, let axis = pixels.first, axis.name == name, let body = equation.value.onlySum?.body else {
      return false
    }
    return body.reads.contains { $0.tensor.rank > 2 && $0.indices[0] == .axis(axis) }
  }

  /// True for products of their own for each place of some axis, as in Winograd's algorithm.
  var isBatched: Bool { pixels.contains { isInAllFactors($0.name) } }

  private func isInAllFactors(_ name: String) -> Bool {
    guard let axis = pixels.first(where: { $0.name == name }), let body = equation.value.onlySum?.body else {
      return false
    }
    return body.reads.allSatisfy { $0.indices.contains(.axis(axis)) }
  }

  /// True where no loop over lanes goes around those of pixels.
  var hasFewLanes: Bool { lanes.extent <= Layout.block * blocksPerTile }

  /// Weights that no cache next to the core holds are fetched two kilobytes before they are needed. Not by tiles of 16
  /// registers, which read about as many numbers as processors load at a time: with AVX2 it was measured to cost up to
  /// 3 %.
  private var prefetches: [Schedule.Directive] {
    let distance = choice.prefetch ?? (registers.count == 16 ? 0 : Self.prefetchDistance)
    if distance == 0 { return [] }
    return packed.map(\.tensor).filter { $0.shape.reduce(1, *) > Self.firstCacheElements && !sums.isEmpty }
      .map { .prefetch($0.name, ahead: distance) }
  }

  /// The weights of one group of lanes, or a piece of them, after those of the one before; not where other prefetches
  /// were measured to be faster.
  private func streams(_ carried: [String]) -> [Schedule.Directive] {
    guard choice.prefetch == nil, registers.count == 16, registers.lanes * 2 == tileLanes, packed.count == 1,
      let tensor = packed.first?.tensor, tensor.shape.reduce(1, *) > Self.streamedElements,
      blockedSum != nil || onlyLongSum != nil && !pixels.isEmpty
    else { return [] }
    let piece = (carried.isEmpty ? sums.placeCount : termsOfPiece).multipliedSaturating(by: [packedLanes])
    return piece > Self.mostStreamedElements ? [] : [.stream(tensor.name, ahead: piece, by: packedLanes)]
  }

  /// Blocks of lanes that a tile of the widest registers has: as many as divide the lanes, so that no tile is half empty.
  package var blocksPerTile: Int {
    let blocks = (lanes.extent + Layout.block - 1) / Layout.block
    if blocks == 1 { return 1 }
    if pixels.isEmpty { return lanes.extent >= 64 ? 4 : 2 }
    if blockedSum == nil { return 2 }
    return blocks.isMultiple(of: 2) ? 2 : blocks.isMultiple(of: 3) ? 3 : 2
  }

  /// Lanes that are packed side by side.
  private var packedLanes: Int {
    let group = Layout.block * blocksPerTile
    return lanes.extent.isMultiple(of: group) ? group : Layout.block
  }

  /// Lanes of a tile.
  private var tileLanes: Int {
    if let chosen = choice.vectors.map({ $0 * registers.lanes }), chosen < lanes.extent + registers.lanes,
      packedLanes.isMultiple(of: chosen) || chosen.isMultiple(of: packedLanes)
    {
      return chosen
    }
    if registers.lanes == Layout.block { return Layout.block * blocksPerTile }
    let vectors = pixels.isEmpty ? registers.count / 2 : registers.vectorsPerTile
    let needed = (lanes.extent + registers.lanes - 1) / registers.lanes
    let widest = min(vectors, needed) * registers.lanes
    // A single pixel has one sum for each vector: two of them, from one pack, would wait for each other.
    return pixels.isEmpty && widest.isMultiple(of: packedLanes) ? widest : min(packedLanes, widest)
  }

  /// Vectors of lanes that a tile has.
  var vectorsInTile: Int { max(1, tileLanes / registers.lanes) }

  /// Pixels for which a tile has registers.
  private var largestRoom: Int { registers.pixels(vectors: vectorsInTile) }

  /// Pixels of a tile at most.
  private var room: Int { min(choice.tile ?? largestRoom, largestRoom) }

  private func splitLanes(
    _ directives: inout [Schedule.Directive]
  ) -> (outer: [String], unrolled: [String], lane: String) {
    if lanes.extent <= registers.lanes { return ([], [], lanes.name) }
    let names = equation.pieces(of: lanes, 4)
    var outer = [names[0]]
    if tileLanes < packedLanes {
      // Whole packs first, so that no position has to be divided.
      directives.append(.split(lanes.name, factor: packedLanes, outer: names[0], inner: names[1]))
      directives.append(.split(names[1], factor: tileLanes, outer: names[1], inner: names[2]))
      outer.append(names[1])
    } else {
      directives.append(.split(lanes.name, factor: tileLanes, outer: names[0], inner: names[1]))
    }
    let inner = Array(names[outer.count...])
    directives.append(.split(inner[0], factor: registers.lanes, outer: inner[0], inner: inner[1]))
    return (outer, [inner[0]], inner[1])
  }

  /// Where all tiles go over some rows before the next ones come, threads have parts of the rows each: a loop around
  /// everything else.
  private func leadLanes(_ outer: inout [String], _ directives: inout [Schedule.Directive]) -> String? {
    guard walksRows, let groups = outer.first else { return nil }
    let names = equation.pieces(of: lanes, 5)
    let count = (lanes.extent + packedOrTiledLanes - 1) / packedOrTiledLanes
    let parts = min(Self.partsOfRows, max(1, lanes.extent / Self.leastPartOfRow))
    let factor = (count + parts - 1) / parts
    directives.append(.split(groups, factor: factor, outer: names[4], inner: groups))
    return names[4]
  }

  /// Lanes of the outermost loop over them.
  private var packedOrTiledLanes: Int { max(packedLanes, tileLanes) }

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
    // Where a tile does not hold a row, the last tile of a row may waste less than code for every tile costs.
    guard count <= Self.largestFlatImage, last.extent < 13,
      last.extent <= room || isCheaperFlat(rows: before.extent, columns: last.extent, atMost: room)
    else { return nil }
    let name = equation.pieces(of: last, 3)[2]
    directives.append(.fuse(before.name, last.name, into: name))
    let width = tileWidth(count, atMost: room)
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
    if blockedPixel.extent > Layout.block {
      directives.append(.split(name, factor: Layout.block, outer: names[0], inner: names[1]))
      (name, block) = (names[1], [names[0]])
    }
    var channels = Self.channelsPerTile
    while channels > room { channels /= 2 }
    directives.append(.split(name, factor: channels, outer: names[1], inner: names[2]))
    let rest = pixels.filter { $0 != blockedPixel }.map(\.name)
    return Tile(blocks: block, outer: others.map(\.name) + rest + [names[1]], inner: [names[2]])
  }

  private func splitPixels(_ directives: inout [Schedule.Directive]) -> Tile {
    guard let last = pixels.last else { return Tile() }
    if let tile = flatPixels(&directives) ?? channelTile(&directives) { return tile }
    let isLimited = choice.tile == nil && choice.vectors == nil && blocksPerTile == 1 && blockedSum == nil
    let room = min(self.room, isLimited ? Self.pixelsOfRows : self.room)
    let width = tileWidth(last.extent, atMost: room)
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

  /// Layouts that put the lanes of the packed tensors side by side, in the order in which a tile reads them.
  package var layouts: [(tensor: Tensor, layout: Layout)] {
    if writesRows { return rowLayouts }
    return packed.map { packing in
      var layout = Layout.blocked(rank: packing.tensor.rank, dimension: packing.dimension, by: packedLanes)
      if let blockedSum, let place = place(of: blockedSum, in: packing.tensor) {
        layout.order[place] = .blocks(place, of: Layout.block)
        layout.order.insert(.within(place, of: Layout.block), at: layout.order.count - 1)
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
