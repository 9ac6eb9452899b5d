/// How the sums of contractions are walked.
extension Contraction {
  /// Terms of carried sums between two visits to memory, and of those of many products.
  private static let carriedTerms = 128
  private static let batchedTerms = 64
  /// Terms of sums for which that pays, by measurement: of pointwise convolutions, of those whose pixels are not in
  /// blocks of channels, of those with windows, and of many products.
  private static let leastCarriedTerms = (pointwise: 256, plain: 192, windowed: 2048, batched: 256)
  private static let leastCarriedPixels = 36
  /// Rows of a matrix that are read at the same time, by tiles of 32 registers: processors fetch ahead along so many.
  private static let rowsAtOnce = 32
  /// The same by smaller tiles, which come back more often: rows that are 4096 bytes apart meet in the eight ways of the
  /// first cache. With AVX2, 8 rows were 1.2 times as fast as 16.
  private static let rowsOfSmallTiles = 8
  /// Matrices with shorter rows are read as they come.
  private static let leastRow = 2048
  /// Pieces of more places are never chosen, but a whole.
  private static let largestDivisor = 4096
  /// Terms that are written out.
  private static let writtenTerms = 4

  /// True for sums over images that are computed anew in every run, as in gradients by weights: tile after tile goes
  /// over as many terms as stay in the first cache. They can be carried in a result that is the sum itself.
  package var isCarried: Bool {
    walksRows
      || packed.isEmpty && blockedSum == nil && sums.count > 1 && sums.placeCount > Self.carriedTerms
  }

  /// True where the terms of a sum lie in the rows of a large matrix, and the lanes along them: in gradients of fully
  /// connected layers by their inputs, `sum(o) dy[n,o] * w[o,c]`. All tiles go over some rows before the next ones come;
  /// each by itself would read a column.
  package var walksRows: Bool {
    let long = sums.filter { $0.extent > 1 }
    guard packed.isEmpty, blockedSum == nil, blockedPixel == nil, long.count == 1, long[0].extent > Self.carriedTerms,
      lanes.extent >= Self.leastRow, let body = equation.value.onlySum?.body
    else { return false }
    return body.reads.contains { $0.indices == [.axis(long[0]), .axis(lanes)] }
  }

  /// True where a large matrix is written whose rows the lanes walk: gradients by weights of fully connected layers.
  /// Rows are the outer loop, so that memory is read and written along them.
  var writesRows: Bool {
    packed.isEmpty && blockedSum == nil && blockedPixel == nil && !isCarried && pixels.count == 1
      && equation.axes.last == lanes && lanes.extent >= Self.leastRow
  }

  /// Where rows are written, the factors in the order in which tiles read them: `dy[n,o]` and `x[n,c]` for each `o` and
  /// for 16 `c` all `n` together. The rows of both may be 4096 bytes apart and meet in one place of the first cache: with
  /// AVX2, 16 rows of 9216 took 2.5 times as long.
  var rowLayouts: [(tensor: Tensor, layout: Layout)] {
    guard writesRows, canCopyFactors, sums.count(where: { $0.extent > 1 }) == 1,
      let reads = equation.value.onlySum?.body.reads, reads.allSatisfy({ $0.tensor.rank == 2 }),
      // A tensor has one layout, also where it is multiplied with itself.
      Set(reads.map(\.tensor)).count == reads.count
    else { return [] }
    return reads.compactMap { access in
      let numbers = access.indices.firstIndex { index in sums.contains { index == .axis($0) } }
      guard numbers == 0 else { return nil }
      if access.indices[1] == .axis(lanes) {
        return (access.tensor, .blocksOutermost(rank: 2, dimension: 1, by: Layout.block))
      }
      return access.indices[1] == .axis(pixels[0]) ? (access.tensor, Layout(order: [.whole(1), .whole(0)])) : nil
    }
  }

  /// Cuts the sums that are carried; the names of the loops that go around those of tiles.
  func carrySums(_ directives: inout [Schedule.Directive]) -> [String] {
    guard isCarried, let (axes, body) = equation.value.onlySum, equation.value == .reduce(.sum, axes, body) else {
      return []
    }
    var carried: [String] = []
    var terms = sums.placeCount
    let rows = registers.count == 16 ? Self.rowsOfSmallTiles : Self.rowsAtOnce
    let wanted = walksRows ? rows : Self.carriedTerms
    for sum in sums where terms > wanted && sum.extent > 1 {
      let inside = terms / sum.extent
      let kept = Self.piece(of: sum.extent, inside, wanted)
      terms = inside * kept
      if kept == sum.extent { break }
      if kept == 1 {
        carried.append(sum.name)
        continue
      }
      let names = equation.pieces(of: sum, 2)
      directives.append(.split(sum.name, factor: kept, outer: names[0], inner: names[1]))
      carried.append(names[0])
    }
    return carried
  }

  /// The divisor of an extent that makes the number of terms most nearly what it should be: a rest would be a sum apart.
  private static func piece(of extent: Int, _ inside: Int, _ wanted: Int) -> Int {
    // How many times too many or too few.
    func distance(_ divisor: Int) -> Double {
      let ratio = Double(divisor * inside) / Double(wanted)
      return max(ratio, 1 / ratio)
    }
    let divisors = (1...min(extent, largestDivisor)).filter { extent.isMultiple(of: $0) } + [extent]
    return divisors.min { distance($0) < distance($1) } ?? 1
  }

  /// Sums walk a block's channels innermost, some at a time: one stream of weights, constant offsets of pixels.
  /// - Returns: the names of the loops that go around those of tiles
  func splitSums(_ directives: inout [Schedule.Directive]) -> [String] {
    guard let blockedSum else {
      if walksRows { return [] }
      if let carried = carryPlainSum(&directives) { return [carried] }
      unrollLongSum(&directives)
      return []
    }
    let carried = carriedBlocks
    let blocksInside = carried ?? 1
    let pieces = equation.pieces(of: blockedSum, blocksInside > 1 ? 4 : 3)
    let names = Array(pieces.suffix(3))
    let block = Layout.block
    directives.append(.split(blockedSum.name, factor: block, outer: names[0], inner: names[1]))
    if blocksInside > 1 { directives.append(.split(names[0], factor: blocksInside, outer: pieces[0], inner: names[0])) }
    let others = sums.filter { $0 != blockedSum && $0.extent > 1 }.map(\.name)
    if !others.isEmpty { directives.append(.reorder([names[0]] + others + [names[1]])) }
    let terms = choice.unroll ?? Self.writtenTerms
    directives.append(.split(names[1], factor: terms, outer: names[1], inner: names[2]))
    directives.append(.unroll(names[2]))
    return carried == nil ? [] : [pieces[0]]
  }

  /// Blocks of channels between two visits to memory, where the weights of all channels are too many for the first cache:
  /// tiles of 16 registers are too small to hide that they come from the second one. With AVX2, 3x3 windows on 512
  /// channels took 23 % longer in one go, 2048 channels pointwise 12 %, 256 of them up to 6 %, and 3x3 windows on 128
  /// channels 2 % less; Winograd's products took 20 % longer with 512 channels, 7 % with 256, and 5 % less with 128.
  var carriedBlocks: Int? {
    let terms = sums.placeCount
    let limits = Self.leastCarriedTerms
    let least = isBatched ? limits.batched : terms == blockedSum?.extent ? limits.pointwise : limits.windowed
    guard let blockedSum, terms >= least, blockedSum.extent.isMultiple(of: Layout.block), canCarryPieces else {
      return nil
    }
    let blocks = blockedSum.extent / Layout.block
    let wanted = isBatched ? Self.batchedTerms : Self.carriedTerms
    let piece = Self.piece(of: blocks, terms / blocks, wanted)
    // Memory is visited too often where only smaller pieces come out even: 17 blocks are one piece.
    return piece < blocks && piece * (terms / blocks) >= wanted / 2 ? piece : nil
  }

  private var canCarryPieces: Bool {
    registers.count == 16 && pixels.placeCount >= Self.leastCarriedPixels && !packed.isEmpty
      && (!hasFewLanes || isBatched) && !equation.allReads.contains { $0.tensor == equation.result }
  }

  /// The same where pixels are not in blocks of channels: terms between two visits to memory. Every tile reads a line of
  /// each channel.
  private var carriedPlainTerms: Int? {
    let least = Self.leastCarriedTerms.plain
    guard isPackedOnce, blockedSum == nil, let sum = onlyLongSum, sum.extent >= least, canCarryPieces else { return nil }
    let piece = Self.piece(of: sum.extent, 1, Self.carriedTerms)
    return piece < sum.extent && piece >= Self.carriedTerms / 2 ? piece : nil
  }

  /// The only axis that sums go over.
  var onlyLongSum: Axis? {
    let long = sums.filter { $0.extent > 1 }
    return long.count == 1 ? long[0] : nil
  }

  /// Terms that tiles go over one after the other before they come to the next ones.
  var termsOfPiece: Int {
    if let blockedSum, let blocks = carriedBlocks { return sums.placeCount / blockedSum.extent * blocks * Layout.block }
    return carriedPlainTerms ?? sums.placeCount
  }

  /// - Returns: the name of the loop that goes around those of tiles
  private func carryPlainSum(_ directives: inout [Schedule.Directive]) -> String? {
    guard let sum = onlyLongSum, let piece = carriedPlainTerms else { return nil }
    let names = equation.pieces(of: sum, 3)
    directives.append(.split(sum.name, factor: piece, outer: names[0], inner: names[1]))
    directives.append(.split(names[1], factor: choice.unroll ?? Self.writtenTerms, outer: names[1], inner: names[2]))
    directives.append(.unroll(names[2]))
    return names[0]
  }

  /// One long sum, of fully connected layers, runs some terms at a time too.
  private func unrollLongSum(_ directives: inout [Schedule.Directive]) {
    let wanted = [choice.unroll, Self.writtenTerms].compactMap(\.self)
    guard let sum = onlyLongSum, sum.extent >= 16, let terms = wanted.first(where: { sum.extent.isMultiple(of: $0) })
    else { return }
    let names = equation.pieces(of: sum, 2)
    directives.append(.split(sum.name, factor: terms, outer: names[0], inner: names[1]))
    directives.append(.unroll(names[1]))
  }
}
