extension LoopNest {
  /// `for j in 0..<56 { f(j) }` → `for j0 in 0..<4 { for j1 in 0..<14 { f(14 * j0 + j1) } }`.
  ///
  /// With a rest, `for j in 0..<30` by 14, a second nest over `j1 in 0..<2` computes `f(28 + j1)`. A loop of
  /// the result may always be split; a reduction keeps its order, so that not a bit changes. nil where there
  /// is no such loop.
  func split(_ name: String, factor: Int, outer: String, inner: String) -> [LoopNest]? {
    guard let place = loops.firstIndex(where: { $0.axis.name == name }) else {
      let (changed, found) = splitReduction(body, name, factor, outer, inner)
      return found ? [LoopNest(loops: loops, body: changed)] : nil
    }
    let axis = loops[place].axis
    var nests: [LoopNest] = []
    let (whole, rest) = axis.extent.quotientAndRemainder(dividingBy: factor)
    if whole > 0 {
      let (o, i) = (Axis(outer, whole), Axis(inner, factor))
      var nest = self
      nest.loops.replaceSubrange(place...place, with: [
        Level(o, loops[place].kind, isCarried: loops[place].isCarried), Level(i, isCarried: loops[place].isCarried),
      ])
      nest.body = body.map { $0.substituting([axis: o * factor + i]) }
      nests.append(nest)
    }
    if rest > 0 {
      let i = Axis(inner, rest)
      var nest = self
      nest.loops[place] = Level(i, isCarried: loops[place].isCarried)
      nest.body = body.map { $0.substituting([axis: i + whole * factor]) }
      nests.append(nest)
    }
    return nests
  }
}

private func splitReduction(
  _ body: [Statement], _ name: String, _ factor: Int, _ outer: String, _ inner: String
) -> ([Statement], found: Bool) {
  var found = false
  let statements = body.flatMap { statement -> [Statement] in
    guard case .loop(let loop) = statement else { return [statement] }
    guard loop.axis.name == name else {
      let (nested, foundHere) = splitReduction(loop.body, name, factor, outer, inner)
      found = found || foundHere
      return [.loop(Loop(loop.axis, kind: loop.kind, nested))]
    }
    found = true
    return pieces(of: loop, factor, outer, inner)
  }
  return (statements, found)
}

private func pieces(of loop: Loop, _ factor: Int, _ outer: String, _ inner: String) -> [Statement] {
  let (whole, rest) = loop.axis.extent.quotientAndRemainder(dividingBy: factor)
  var pieces: [Statement] = []
  if whole > 0 {
    let (o, i) = (Axis(outer, whole), Axis(inner, factor))
    let tile = loop.body.map { $0.substituting([loop.axis: o * factor + i]) }
    pieces.append(.loop(Loop(o, [.loop(Loop(i, tile))])))
  }
  if rest > 0 {
    let i = Axis(inner, rest)
    pieces.append(.loop(Loop(i, loop.body.map { $0.substituting([loop.axis: i + whole * factor]) })))
  }
  return pieces
}
