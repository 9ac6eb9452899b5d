/// The vector registers of a family of processors, as far as tiles depend on them.
package struct VectorRegisters: Hashable, Sendable {
  /// Numbers of single precision that one holds.
  package let lanes: Int
  /// How many there are.
  package let count: Int

  /// The widest: a register holds a block of channels. Narrower ones hold a part of it.
  package static let widest = VectorRegisters(lanes: Layout.block, count: 32)

  /// nil unless the lanes are 4, 8 or 16 and there are 16 or 32 registers.
  package init?(lanes: Int, registers count: Int) {
    guard [4, 8, Layout.block].contains(lanes), [16, 32].contains(count) else { return nil }
    (self.lanes, self.count) = (lanes, count)
  }

  private init(lanes: Int, count: Int) { (self.lanes, self.count) = (lanes, count) }

  /// Pixels of a tile: each has so many vectors of accumulators, for which weights and the pixel itself need registers
  /// too.
  func pixels(vectors: Int) -> Int { max(1, (count - max(4, 1 + vectors)) / vectors) }

  /// Vectors of lanes that a tile of several pixels has at most.
  var vectorsPerTile: Int { count == 32 ? Layout.block / lanes : 2 }
}

extension VectorRegisters: CustomStringConvertible {
  /// `8 lanes x 16`
  package var description: String { "\(lanes) lanes x \(count)" }
}
