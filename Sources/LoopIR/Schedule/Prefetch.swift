extension LoopNest {
  /// `for c { s = s + x[c] * w[c,o] }` → `for c { prefetch w[c,o] ahead n; s = s + … }` in the innermost loops of
  /// reductions: one for each block of lanes that they read of the tensor, which fills a line of the cache.
  func prefetching(_ tensor: String, ahead: Int) -> LoopNest {
    guard let lane = loops.last, lane.kind == .vector else { return self }
    return LoopNest(loops: loops, body: body.map { $0.prefetching(tensor, ahead, lane.axis, isInLoop: false) })
  }
}

extension Statement {
  fileprivate func prefetching(_ tensor: String, _ ahead: Int, _ lane: Axis, isInLoop: Bool) -> Statement {
    guard case .loop(let loop) = self else { return self }
    let isInnermost = !loop.body.contains { if case .loop = $0 { true } else { false } }
    let body = loop.body.map { $0.prefetching(tensor, ahead, lane, isInLoop: true) }
    var fetches: [Statement] = []
    var seen: Set<Access> = []
    if isInnermost {
      for case .assign(_, _, let value) in loop.body {
        for access in value.reads where access.tensor.name == tensor && seen.insert(access.line(lane)).inserted {
          var place = access
          place.indices = access.indices.map { $0.substituting([lane: .constant(0)]) }
          fetches.append(.prefetch(place, ahead: .constant(ahead)))
        }
      }
    }
    return .loop(Loop(loop.axis, kind: loop.kind, fetches + body))
  }
}

extension Access {
  /// The same for all vectors of a block of lanes: narrow ones lie in one line of the cache.
  func line(_ lane: Axis) -> Access {
    Access(
      tensor,
      indices.map { index in
        guard index.mentions(lane) else { return index }
        var start = LinearForm(index.substituting([lane: .constant(0)]))
        start.constant -= start.constant % Layout.block
        return start.index
      })
  }
}
