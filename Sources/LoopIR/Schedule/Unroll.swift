extension LoopNest {
  /// Writes every iteration out.
  ///
  /// A loop of the result is jammed: `for j { s = 0; for c { s = s + e(j,c) }; y[j] = s }` →
  /// `s_0 = 0; s_1 = 0; for c { s_0 = s_0 + e(0,c); s_1 = s_1 + e(1,c) }; y[0] = s_0; y[1] = s_1`.
  /// A reduction is written out in its order. nil where there is no such loop.
  func unrolled(_ name: String) -> LoopNest? {
    if let place = loops.firstIndex(where: { $0.axis.name == name }) {
      if loops[place].isCarried { return nil }
      var nest = self
      let axis = nest.loops.remove(at: place).axis
      nest.body = jammed(body, axis)
      return nest
    }
    let (changed, found) = writtenOut(body, name)
    return found ? LoopNest(loops: loops, body: changed) : nil
  }
}

/// Statements of all iterations of an axis, those of loops inside in the same loops.
func jammed(_ statements: [Statement], _ axis: Axis) -> [Statement] {
  statements.flatMap { statement -> [Statement] in
    if case .loop(let loop) = statement {
      return [.loop(Loop(loop.axis, kind: loop.kind, jammed(loop.body, axis)))]
    }
    return (0..<axis.extent).map { iteration in
      statement.substituting([axis: .constant(iteration)]).renamingLocals { "\($0)_\(iteration)" }
    }
  }
}

private func writtenOut(_ statements: [Statement], _ name: String) -> ([Statement], found: Bool) {
  var found = false
  let result = statements.flatMap { statement -> [Statement] in
    guard case .loop(let loop) = statement else { return [statement] }
    let (nested, foundHere) = writtenOut(loop.body, name)
    found = found || foundHere
    guard loop.axis.name == name else { return [.loop(Loop(loop.axis, kind: loop.kind, nested))] }
    found = true
    return (0..<loop.axis.extent).flatMap { iteration in
      nested.map { $0.substituting([loop.axis: .constant(iteration)]) }
    }
  }
  return (result, found)
}
