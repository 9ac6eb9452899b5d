extension LoopNest {
  /// Nests that begin with the same loop share it: what a split leaves runs beside the tiles that read the same
  /// weights, while these are in the cache.
  ///
  ///     for o { for t in 0..<2 { … } }  for o { rest }   →   for o { for t in 0..<2 { … } rest }
  static func joined(_ nests: [LoopNest]) -> [Statement] {
    var statements: [Statement] = []
    var rest = nests[...]
    while let first = rest.first {
      let count = max(1, rest.prefix { $0.sharesOuterLoop(with: first) }.count)
      if let level = first.loops.first {
        let inner = joined(rest.prefix(count).map { LoopNest(loops: Array($0.loops.dropFirst()), body: $0.body) })
        // What a single iteration carries on is one piece of a sum: nothing joins it, and no loop is needed.
        statements += level.axis.extent == 1 ? inner : [.loop(Loop(level.axis, kind: level.kind, inner))]
      } else {
        statements += first.body
      }
      rest = rest.dropFirst(count)
    }
    return statements
  }

  /// Nests with vector loops inside, whose locals no other nest sees.
  private func sharesOuterLoop(with other: LoopNest) -> Bool {
    guard let level = loops.first, level == other.loops.first, level.kind != .vector else { return false }
    return [self, other].allSatisfy { nest in nest.loops.dropFirst().contains { $0.kind == .vector } }
  }
}
