extension Kernel {
  /// The same kernel with vector loops of at most so many lanes, for registers that hold no more:
  ///
  ///     for vector c in 0..<16 { y[c] = x[c] }
  ///   →
  ///     for c_part in 0..<2, vector c in 0..<8 { y[c_part*8+c] = x[c_part*8+c] }
  ///
  /// Parts of long sums are taken together, so that memory is walked once:
  ///
  ///     for vector c in 0..<16 { s = 0; for i { s = s + x[i,c] }; y[c] = s }
  ///   →
  ///     for vector c in 0..<8 { s_0 = 0; s_1 = 0; for i { s_0 = s_0 + x[i,c]; s_1 = s_1 + x[i,c+8] }; … }
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
  /// Sums that are taken together at most.
  private static let mostSums = 8

  /// True where loops inside compute so few sums that those of all parts have registers.
  private func hasFewSums(parts: Int) -> Bool {
    let hasLoops = body.contains { if case .loop = $0 { true } else { false } }
    let sums = body.count { if case .declare = $0 { true } else { false } }
    return hasLoops && sums * parts <= Self.mostSums
  }

  /// Whole vectors in a loop around them, and what is left.
  fileprivate func parts(of lanes: Int) -> [Statement] {
    let (whole, rest) = axis.extent.quotientAndRemainder(dividingBy: lanes)
    let (part, lane) = (Axis("\(axis.name)_part", whole), Axis(axis.name, lanes))
    let start: Index = whole == 1 ? .constant(0) : .axis(part)
    let narrow = body.map { $0.substituting([axis: start * lanes + lane]) }
    var parts: [Statement] = []
    if whole > 1, hasFewSums(parts: whole) {
      parts = [.loop(Loop(lane, kind: .vector, jammed(narrow, part)))]
    } else {
      let vector = Statement.loop(Loop(lane, kind: .vector, narrow))
      parts = [whole == 1 ? vector : .loop(Loop(part, [vector]))]
    }
    if rest == 0 { return parts }
    let last = Axis(axis.name, rest)
    return parts + [.loop(Loop(last, kind: .vector, body.map { $0.substituting([axis: last + whole * lanes]) }))]
  }
}
