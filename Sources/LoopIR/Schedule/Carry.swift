extension LoopNest {
  /// Moves the outermost loop of a sum around the loops of the result. The sum is carried on in the result itself, so
  /// that tile after tile goes over what is still in the cache:
  ///
  ///     for o { s = 0; for n { for i { s = s + e(o,n,i) } }; y[o] = s }
  ///   →
  ///     for o { y[o] = 0 }; for o { for n { s = y[o]; for i { s = s + e(o,n,i) }; y[o] = s } }
  ///
  /// The terms of each element keep their order. nil where the nest is no sum alone whose outermost loop has that name.
  func carrying(_ name: String) -> [LoopNest]? {
    guard body.count == 3, case .declare(let sum, let type, let start) = body[0], case .loop(let loop) = body[1],
      case .store(let target, let total) = body[2], total == .local(sum, type), loop.axis.name == name
    else { return nil }
    var nest = self
    nest.loops.append(Level(loop.axis, isCarried: true))
    nest.body = [.declare(sum, type, .read(target))] + loop.body + [body[2]]
    if start == .read(target) { return [nest] }
    return [LoopNest(loops: loops, body: [.store(target, start)]), nest]
  }
}
