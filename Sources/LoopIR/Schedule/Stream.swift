/// Tile after tile reads the same piece of a tensor, as those of the pixels of an image read the weights of some
/// channels. The first one would wait for each line of it to come from memory, the others find it in the first cache.
extension LoopNest {
  /// Every tile fetches a share of the piece that comes next, so that memory is read all the time:
  ///
  ///     for o { for t in 0..<5 { for c in 0..<64 { s = s + x[t,c] * w[o,c] } } }
  ///   →
  ///     for o { for t in 0..<5 { for c in 0..<64 { prefetch w[o,0] ahead t*13 + c + AHEAD; s = … } } }
  ///
  /// Nests side by side with the same loops around the same piece are tiles too. Nests whose piece only one tile reads
  /// stay as they are; nil where there is no sum in vectors that reads the tensor.
  ///
  /// - Parameters:
  ///   - ahead: elements from a piece to the next one.
  ///   - stride: elements from a line that tiles read to the next one.
  static func streaming(_ nests: [LoopNest], _ tensor: String, ahead: Int, by stride: Int) -> [LoopNest]? {
    let pieces = nests.map { Piece($0, tensor) }
    if pieces.allSatisfy({ $0 == nil }) { return nil }
    var result = nests
    for (place, piece) in pieces.enumerated() {
      guard let piece else { continue }
      let same = pieces.enumerated().filter { $0.element?.key == piece.key }
      let before = same.filter { $0.offset < place }.reduce(0) { $0.addedSaturating($1.element?.tileCount ?? 0) }
      let tiles = same.reduce(0) { $0.addedSaturating($1.element?.tileCount ?? 0) }
      // Positions stay far below the largest number.
      let all = tiles.multipliedSaturating(by: [piece.lines, max(1, stride)])
      guard tiles > 1, piece.lines > 0, all <= farthest, ahead <= farthest else { continue }
      let share = (piece.lines + tiles - 1) / tiles
      let start = (piece.tile + before) * share * stride + ahead
      result[place].body = piece.fetching(in: nests[place].body, from: start, count: share, stride)
    }
    return result
  }
}

private let farthest = 1 << 30

/// What the tiles of one nest read of a tensor.
private struct Piece {
  /// The same for nests that read the same piece.
  struct Key: Hashable {
    var loops: [LoopNest.Level]
    var first: Access
  }

  var key: Key
  /// The number of a tile among those of the nest.
  private(set) var tile = Index.constant(0)
  let tileCount: Int
  /// Lines of the cache that each tile reads, and the iterations of its innermost loop.
  var lines: Int { iterationCount.multipliedSaturating(by: [linesPerIteration]) }
  private let iterationCount: Int
  private var iteration = Index.constant(0)
  private let linesPerIteration: Int

  init?(_ nest: LoopNest, _ tensor: String) {
    guard let lane = nest.loops.last, lane.kind == .vector else { return nil }
    // What a split leaves over of the sum comes after it.
    guard let sums = nest.body.lazy.map(Self.reductions).first(where: { !$0.isEmpty }), let innermost = sums.last else {
      return nil
    }
    var lines: [Access] = []
    for case .assign(_, _, let value) in innermost.body {
      // A place that may lie outside has no line of its own.
      for access in value.reads where access.tensor.name == tensor && access.outside == nil {
        let line = access.line(lane.axis)
        if !lines.contains(line) { lines.append(line) }
      }
    }
    guard let first = lines.first else { return nil }
    linesPerIteration = lines.count
    for sum in sums { iteration = iteration * sum.axis.extent + sum.axis }
    iterationCount = sums.map(\.axis).placeCount
    let zeros = Dictionary(sums.map { ($0.axis, Index.constant(0)) }, uniquingKeysWith: { first, _ in first })
    let outer = nest.loops.dropLast()
    let last = outer.lastIndex { level in first.indices.contains { $0.mentions(level.axis) } }
    let around = outer[...(last ?? -1)]
    key = Key(loops: Array(around), first: first.substituting(zeros))
    let inside = outer.dropFirst(around.count)
    for level in inside { tile = tile * level.axis.extent + level.axis }
    tileCount = inside.map(\.axis).placeCount
  }

  /// The loops of a statement, one inside the other, outermost first.
  private static func reductions(_ statement: Statement) -> [Loop] {
    guard case .loop(let loop) = statement else { return [] }
    return [loop] + (loop.body.lazy.map(reductions).first { !$0.isEmpty } ?? [])
  }

  func fetching(in body: [Statement], from start: Index, count: Int, _ stride: Int) -> [Statement] {
    guard let place = body.firstIndex(where: { if case .loop = $0 { true } else { false } }),
      case .loop(let loop) = body[place]
    else { return fetches(from: start, count: count, stride) + body }
    var body = body
    body[place] = .loop(Loop(loop.axis, kind: loop.kind, fetching(in: loop.body, from: start, count: count, stride)))
    return body
  }

  private func fetches(from start: Index, count: Int, _ stride: Int) -> [Statement] {
    let perIteration = (count + iterationCount - 1) / iterationCount
    return (0..<perIteration).map { place in
      let line = iteration * (perIteration * stride) + place * stride
      return Statement.prefetch(key.first, ahead: LinearForm(start + line).index)
    }
  }
}

extension Access {
  fileprivate func substituting(_ replacements: [Axis: Index]) -> Access {
    Access(tensor, indices.map { $0.substituting(replacements) })
  }
}
