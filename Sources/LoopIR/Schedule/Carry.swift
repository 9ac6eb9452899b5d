extension LoopNest {
  /// What nests side by side became, stage after stage: all begin their sums, then all carry them on, then all make
  /// something of them. So they can share the loops over what they read. Nests with another outermost loop have stages of
  /// their own.
  static func inStages(_ carried: [[LoopNest]]) -> [LoopNest] {
    var result: [LoopNest] = []
    var rest = carried[...]
    while let first = rest.first {
      let group = rest.prefix { $0.count == first.count && $0.first?.lead == first.first?.lead }
      for stage in first.indices { result += group.map { $0[stage] } }
      rest = rest.dropFirst(group.count)
    }
    return result
  }

  /// The outermost loop that is one.
  private var lead: Level? { loops.first { $0.axis.extent > 1 } }

  /// Moves the outermost loop of a sum around the loops of the result. The sum is carried on in the result itself, so
  /// that tile after tile goes over what is still in the cache:
  ///
  ///     for o { s = 0; for n { for i { s = s + e(o,n,i) } }; y[o] = s }
  ///   →
  ///     for o { y[o] = 0 }; for o { for n { s = y[o]; for i { s = s + e(o,n,i) }; y[o] = s } }
  ///
  /// Where something is made of the sum, `y[o] = f(s)`, the last iteration does that:
  ///
  ///     for o { y[o] = 0 }; for o { for n in 0..<N-1 { … } }
  ///     for o { s = y[o]; for i { s = s + e(o,N-1,i) }; y[o] = f(s) }
  ///
  /// The terms of each element keep their order. nil where the nest has another form, or no sum whose outermost loop has
  /// that name.
  func carrying(_ name: String) -> [LoopNest]? {
    guard body.count == 3, case .declare(let sum, let type, let start) = body[0], case .loop(let loop) = body[1],
      case .store(let target, let total) = body[2], loop.axis.name == name
    else { return nil }
    let partial = Statement.declare(sum, type, .read(target))
    var nest = self
    guard total != .local(sum, type) else {
      nest.loops.append(Level(loop.axis, isCarried: true))
      nest.body = [partial] + loop.body + [body[2]]
      return start == .read(target) ? [nest] : [LoopNest(loops: loops, body: [.store(target, start)]), nest]
    }
    guard loop.axis.extent > 1, target.tensor.element == type, !total.reads.contains(where: { $0.tensor == target.tensor }),
      start != .read(target)
    else { return nil }
    let others = Axis(name, loop.axis.extent - 1)
    nest.loops.append(Level(others, isCarried: true))
    nest.body =
      [partial] + loop.body.map { $0.substituting([loop.axis: .axis(others)]) } + [.store(target, .local(sum, type))]
    var last = self
    last.body = [partial] + loop.body.map { $0.substituting([loop.axis: .constant(others.extent)]) } + [body[2]]
    return [LoopNest(loops: loops, body: [.store(target, start)]), nest, last]
  }
}
