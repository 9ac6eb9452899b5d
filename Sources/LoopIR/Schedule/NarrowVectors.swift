extension Kernel {
  /// The same kernel with vector loops of at most so many lanes, for registers that hold no more:
  ///
  ///     for vector c in 0..<16 { y[c] = x[c] }
  ///   →
  ///     for c_part in 0..<2, vector c in 0..<8 { y[c_part*8+c] = x[c_part*8+c] }
  package func narrowingVectors(to lanes: Int) -> Kernel {
    var kernel = self
    kernel.body = body.flatMap { $0.narrowingVectors(to: lanes) }
    return kernel
  }
}

extension Statement {
  fileprivate func narrowingVectors(to lanes: Int) -> [Statement] {
    switch self {
    case .loop(let loop):
      if loop.kind == .vector { return loop.axis.extent <= lanes ? [self] : loop.parts(of: lanes) }
      return [.loop(Loop(loop.axis, kind: loop.kind, loop.body.flatMap { $0.narrowingVectors(to: lanes) }))]
    case .conditional(let condition, let body):
      return [.conditional(condition, body.flatMap { $0.narrowingVectors(to: lanes) })]
    case .declare, .assign, .store, .prefetch: return [self]
    }
  }
}

extension Loop {
  /// Whole vectors in a loop around them, and what is left.
  fileprivate func parts(of lanes: Int) -> [Statement] {
    let (whole, rest) = axis.extent.quotientAndRemainder(dividingBy: lanes)
    let (part, lane) = (Axis("\(axis.name)_part", whole), Axis(axis.name, lanes))
    let start: Index = whole == 1 ? .constant(0) : .axis(part)
    let vector = Statement.loop(Loop(lane, kind: .vector, body.map { $0.substituting([axis: start * lanes + lane]) }))
    let parts: [Statement] = [whole == 1 ? vector : .loop(Loop(part, [vector]))]
    if rest == 0 { return parts }
    let last = Axis(axis.name, rest)
    return parts + [.loop(Loop(last, kind: .vector, body.map { $0.substituting([axis: last + whole * lanes]) }))]
  }
}
