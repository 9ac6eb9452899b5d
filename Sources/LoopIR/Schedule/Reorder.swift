extension LoopNest {
  /// `for a { for b { … } }` → `for b { for a { … } }`: the named loops, in the named order; axes that the
  /// nest does not have (a rest has no outer loop) are passed over, axes that are not named stay outside in
  /// their order.
  func reordered(_ names: [String]) -> LoopNest {
    let named = names.compactMap { name in loops.first { $0.axis.name == name } }
    let others = loops.filter { !names.contains($0.axis.name) }
    return LoopNest(loops: others + named, body: body)
  }
}
