extension LoopNest {
  /// `for a { for b { … } }` → `for b { for a { … } }`: the named loops, in the named order; axes that the
  /// nest does not have (a rest has no outer loop) are passed over, axes that are not named stay outside in
  /// their order.
  ///
  /// Where no loop of the result is named, the loops of reductions are put into that order. The terms of a sum are then
  /// added in another order.
  func reordered(_ names: [String]) -> LoopNest {
    let named = names.compactMap { name in loops.first { $0.axis.name == name } }
    if named.isEmpty { return LoopNest(loops: loops, body: body.map { $0.reorderingLoops(names) }) }
    let others = loops.filter { !names.contains($0.axis.name) }
    return LoopNest(loops: others + named, body: body)
  }
}

extension Statement {
  /// Loops of which each has nothing but the next for its body, in another order.
  fileprivate func reorderingLoops(_ names: [String]) -> Statement {
    guard case .loop(let first) = self else { return self }
    var loops = [first]
    while let loop = loops.last, loop.body.count == 1, case .loop(let next) = loop.body[0] { loops.append(next) }
    let named = names.compactMap { name in loops.first { $0.axis.name == name } }
    let others = loops.filter { !names.contains($0.axis.name) }
    let innermost = loops[loops.count - 1].body
    let nested = (others + named).reversed().reduce(innermost) { [.loop(Loop($1.axis, kind: $1.kind, $0))] }
    return nested.count == 1 ? nested[0] : self
  }
}
