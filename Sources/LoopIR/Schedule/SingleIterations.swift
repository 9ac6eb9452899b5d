extension LoopNest {
  /// `for i in 0..<1 { f(i) }` → `f(0)`, also for reductions inside: what a split leaves where the factor is
  /// the extent or a rest is 1. A loop that carries sums on stays one, to keep the tiles of one piece apart from others.
  var withoutSingleIterations: LoopNest {
    let single = loops.filter { $0.axis.extent == 1 }
    let zeros = Dictionary(
      single.map { ($0.axis, Index.constant(0)) }, uniquingKeysWith: { first, _ in first })
    let body = zeros.isEmpty ? body : body.map { $0.substituting(zeros) }
    return LoopNest(
      loops: loops.filter { $0.axis.extent != 1 || $0.isCarried }, body: body.flatMap(\.withoutSingleIterations))
  }
}

extension Statement {
  fileprivate var withoutSingleIterations: [Statement] {
    switch self {
    case .loop(let loop):
      let body = loop.body.flatMap(\.withoutSingleIterations)
      if loop.axis.extent != 1 { return [.loop(Loop(loop.axis, kind: loop.kind, body))] }
      return body.map { $0.substituting([loop.axis: .constant(0)]) }
    case .conditional(let condition, let body):
      return [.conditional(condition, body.flatMap(\.withoutSingleIterations))]
    case .declare, .assign, .store, .prefetch:
      return [self]
    }
  }
}
