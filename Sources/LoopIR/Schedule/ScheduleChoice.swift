/// What was measured to be faster for a contraction than what it chooses by itself. How tensors are packed does not
/// depend on it.
package struct ScheduleChoice: Hashable, Sendable {
  /// Vectors of lanes of a register tile, where packs of lanes can be cut or joined to tiles of so many.
  package var vectors: Int?
  /// Pixels of a register tile at most.
  package var tile: Int?
  /// Terms of the sum that are written out.
  package var unroll: Int?
  /// Elements between weights that are used and those that are fetched at the same time; 0 fetches none.
  package var prefetch: Int?

  package init(vectors: Int? = nil, tile: Int? = nil, unroll: Int? = nil, prefetch: Int? = nil) {
    (self.vectors, self.tile, self.unroll, self.prefetch) = (vectors, tile, unroll, prefetch)
  }

  package var isEmpty: Bool { self == ScheduleChoice() }
}
