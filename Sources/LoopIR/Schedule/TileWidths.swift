/// How many pixels a tile has.
extension Contraction {
  /// Multiply-adds that are under way at the same time: two units take four or five cycles for each. Smaller tiles wait
  /// for their own sums.
  private static let multiplyAddsUnderWay = 10

  /// Pieces as equal as can be, or narrower ones where their last one fills its tile better: 49 by at most 6 is nine
  /// times 5 and 4, not eight times 6 and 1.
  func tileWidth(_ extent: Int, atMost limit: Int) -> Int {
    let equal = Self.equalPiece(extent, atMost: limit)
    return (1...equal).reversed().min { cost(extent, width: $0) < cost(extent, width: $1) } ?? equal
  }

  /// True where an image walked as one row takes less time than row by row.
  func isCheaperFlat(rows: Int, columns: Int, atMost limit: Int) -> Bool {
    let flat = cost(rows * columns, width: tileWidth(rows * columns, atMost: limit))
    return flat < rows * cost(columns, width: tileWidth(columns, atMost: limit))
  }

  /// What a term of the sum costs for so many pixels in tiles: in multiply-adds, and one more for the loops of each tile.
  private func cost(_ extent: Int, width: Int) -> Int {
    func tile(_ pixels: Int) -> Int { max(pixels * vectorsInTile, Self.multiplyAddsUnderWay) + 1 }
    let rest = extent % width
    return extent / width * tile(width) + (rest > 0 ? tile(rest) : 0)
  }

  /// 55 by at most 14 is 14 + 14 + 14 + 13: pieces as equal as can be, the last one smaller.
  static func equalPiece(_ extent: Int, atMost limit: Int) -> Int {
    let pieces = (extent + limit - 1) / limit
    return (extent + pieces - 1) / pieces
  }
}
