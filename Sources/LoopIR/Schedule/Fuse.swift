extension LoopNest {
  /// `for i in 0..<7 { for j in 0..<7 { f(i, j) } }` → `for t in 0..<49 { f(t / 7, t % 7) }`: two loops of the result
  /// as one. nil where the nest does not have both.
  func fused(_ outer: String, _ inner: String, into name: String) -> LoopNest? {
    guard let first = loops.firstIndex(where: { $0.axis.name == outer }),
      let second = loops.firstIndex(where: { $0.axis.name == inner }), first != second
    else { return nil }
    let (outer, inner) = (loops[first].axis, loops[second].axis)
    let (extent, overflow) = outer.extent.multipliedReportingOverflow(by: inner.extent)
    if overflow { return nil }
    let all = Axis(name, extent)
    var nest = self
    nest.loops[first] = Level(all)
    nest.loops.remove(at: second)
    let position = Index.axis(all)
    let (row, column) = (position.dividedRoundingDown(by: inner.extent), position.remainder(dividingBy: inner.extent))
    nest.body = body.map { $0.substituting([outer: row, inner: column]) }
    return nest
  }

  /// `for t { f(t) }` → `f(0)`, `f(1)`, …, each a nest of its own. nil where the nest has no such loop.
  func separated(_ name: String) -> [LoopNest]? {
    guard let place = loops.firstIndex(where: { $0.axis.name == name }), !loops[place].isCarried else { return nil }
    var nest = self
    let axis = nest.loops.remove(at: place).axis
    return (0..<axis.extent).map { iteration in
      LoopNest(loops: nest.loops, body: nest.body.map { $0.substituting([axis: .constant(iteration)]) }).trimmed
    }
  }
}
