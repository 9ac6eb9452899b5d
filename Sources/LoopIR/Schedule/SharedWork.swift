/// How the loops of a kernel are shared among threads.
///
/// Every part of the work computes elements of its own, each by the same operations in the same order as without
/// threads, so that the number of parts changes no bit.
extension Kernel {
  /// True where loops are marked as parallel.
  package var isShared: Bool { body.contains(where: \.hasParallelLoop) }

  /// The kernel with its outer loops marked as parallel; nil where they depend on each other.
  package var sharingLoops: Kernel? {
    guard !equations.contains(where: { $0.scatter != nil }), !body.isEmpty else { return nil }
    let scratch = Set(parameters.filter { $0.role == .scratch }.map(\.tensor))
    let written = Set(parameters.filter { $0.role == .write }.map(\.tensor))
    var kernel = self
    kernel.body = []
    for (place, group) in body.groups(connectedBy: scratch).enumerated() {
      guard group.allSatisfy({ $0.readsOnlyOwn(written) }) else { return nil }
      let marked = group.count == 1 ? group[0].sharingLoops(besides: scratch) : nil
      // What cannot be shared is the work of one part.
      let once = Axis(Self.freshName("once", place, body), 1)
      kernel.body.append(marked ?? .loop(Loop(once, kind: .parallel, group)))
    }
    return kernel.body.contains { $0.parallelExtent > 1 } ? kernel : nil
  }

  /// The kernel in two, where all that it leaves in scratch memory is there before any of it is read: the first writes that
  /// memory, the second reads it, and the loops of both are shared. nil where one of them cannot be.
  package var sharedHalves: (first: Kernel, second: Kernel)? {
    let scratch = Set(parameters.filter { $0.role == .scratch }.map(\.tensor))
    let results = Set(parameters.filter { $0.role == .write }.map(\.tensor))
    var (filling, reading) = ([Statement](), [Statement]())
    for statement in body {
      let (reads, writes) = statement.tensors
      if writes.isDisjoint(with: scratch) {
        reading.append(statement)
        continue
      }
      let isLate = reading.contains { !$0.tensors.reads.isDisjoint(with: scratch) }
      guard writes.isSubset(of: scratch), reads.isDisjoint(with: scratch.union(results)), !isLate else { return nil }
      filling.append(statement)
    }
    guard !filling.isEmpty, let first = part(filling, scratch: .write).sharingLoops,
      let second = part(reading, scratch: .read).sharingLoops
    else { return nil }
    return (first, second)
  }

  /// Some of the statements, with what they need, and the equations if these are theirs.
  private func part(_ statements: [Statement], scratch role: Parameter.Role) -> Kernel {
    let used = statements.reduce(into: Set<Tensor>()) { $0.formUnion($1.tensors.reads.union($1.tensors.writes)) }
    var part = self
    part.body = statements
    part.parameters = parameters.filter { used.contains($0.tensor) }.map { parameter in
      var parameter = parameter
      if parameter.role == .scratch { parameter.role = role }
      return parameter
    }
    let tensors = equations.reduce(into: Set<Tensor>()) { $0.formUnion($1.allReads.map(\.tensor) + [$1.result]) }
    if !tensors.isSubset(of: used) { (part.equations, part.schedule) = ([], Schedule()) }
    return part
  }

  private static func freshName(_ stem: String, _ place: Int, _ body: [Statement]) -> String {
    var name = place == 0 ? stem : "\(stem)\(place)"
    while body.contains(where: { !$0.extents(of: name).isEmpty }) { name += "_" }
    return name
  }
}

extension Statement {
  /// Loops with fewer iterations are shared further inside, if possible.
  private static let fewIterations = 4

  fileprivate var hasParallelLoop: Bool { parallelExtent > 0 }

  /// Iterations of the largest parallel loop; 0 where there is none.
  fileprivate var parallelExtent: Int {
    guard case .loop(let loop) = self else { return 0 }
    return loop.kind == .parallel ? loop.axis.extent : loop.body.map(\.parallelExtent).max() ?? 0
  }

  /// Marks a loop, or all loops directly inside where these have more iterations; nil where iterations may depend on
  /// each other.
  fileprivate func sharingLoops(besides scratch: Set<Tensor>) -> Statement? {
    guard case .loop(let own) = self, own.kind == .serial, own.isParallel(besides: scratch) else { return nil }
    var loop = own.evened(besides: scratch) ?? own
    if loop.axis.extent < Self.fewIterations {
      let inner = loop.body.map { $0.sharingLoops(besides: scratch) }
      let extents = inner.map { $0?.parallelExtent ?? 0 }
      if extents.allSatisfy({ $0 >= Self.fewIterations }), !extents.isEmpty, loop.writesNo(scratch) {
        loop.body = inner.compactMap { $0 }
        return .loop(loop)
      }
    }
    loop.kind = .parallel
    return .loop(loop)
  }

  /// Places in which sums begin: a number is stored.
  fileprivate var begunSums: Set<Access> {
    switch self {
    case .loop(let loop): loop.body.reduce(into: []) { $0.formUnion($1.begunSums) }
    case .store(let target, .constant): [target]
    default: []
    }
  }

  /// True where what the kernel writes is read at the place that is written only.
  fileprivate func readsOnlyOwn(_ written: Set<Tensor>) -> Bool {
    var (reads, stores): (Set<Access>, Set<Access>) = ([], [])
    collect(&reads, &stores)
    return reads.allSatisfy { !written.contains($0.tensor) || stores.contains($0) }
  }

  /// Whether a tensor is read anywhere inside.
  package func reads(_ tensor: Tensor) -> Bool { tensors.reads.contains(tensor) }

  /// The tensors that are read and written inside.
  fileprivate var tensors: (reads: Set<Tensor>, writes: Set<Tensor>) {
    var (reads, stores): (Set<Access>, Set<Access>) = ([], [])
    collect(&reads, &stores)
    return (Set(reads.map(\.tensor)), Set(stores.map(\.tensor)))
  }

  fileprivate func collect(_ reads: inout Set<Access>, _ stores: inout Set<Access>) {
    switch self {
    case .loop(let loop): for statement in loop.body { statement.collect(&reads, &stores) }
    case .declare(_, _, let value), .assign(_, _, let value): reads.formUnion(value.reads)
    case .store(let target, let value):
      reads.formUnion(value.reads)
      stores.insert(target)
    case .conditional(let condition, let body):
      reads.formUnion(condition.reads)
      for statement in body { statement.collect(&reads, &stores) }
    case .prefetch: break
    }
  }
}

extension Loop {
  /// Odd numbers of iterations below this one leave a thread of two with too much to do.
  private static let manyIterations = 16

  /// `for o0 in 0..<3 { for o1 in 0..<2 { f(o0, o1) } }` → `for o0o1 in 0..<6 { f(o0o1 / 2, o0o1 % 2) }`: as much for
  /// each of two threads, where the outer loop alone gave 2 and 1. nil where nothing is gained.
  fileprivate func evened(besides scratch: Set<Tensor>) -> Loop? {
    guard axis.extent < Self.manyIterations, !axis.extent.isMultiple(of: 2), body.count == 1,
      case .loop(let inner) = body[0], inner.kind == .serial, (1..<Self.manyIterations).contains(inner.axis.extent),
      inner.axis.extent.isMultiple(of: 2), inner.isParallel(besides: scratch), writesNo(scratch)
    else { return nil }
    var name = axis.name + inner.axis.name
    while !body[0].extents(of: name).isEmpty { name += "_" }
    let both = Axis(name, axis.extent * inner.axis.extent)
    let position = Index.axis(both)
    let places = [
      axis: position.dividedRoundingDown(by: inner.axis.extent),
      inner.axis: position.remainder(dividingBy: inner.axis.extent),
    ]
    return Loop(both, inner.body.map { $0.substituting(places) })
  }

  /// True where no iteration changes what another one sees: locals are its own, and so are the places that it writes.
  fileprivate func isParallel(besides scratch: Set<Tensor>) -> Bool {
    var (reads, stores): (Set<Access>, Set<Access>) = ([], [])
    for statement in body { statement.collect(&reads, &stores) }
    let own = stores.filter { !scratch.contains($0.tensor) }
    guard own.allSatisfy({ store in store.indices.contains { $0.mentions(axis) } }) else { return false }
    return !own.isEmpty && body.assignsOnlyOwnLocals([])
  }

  fileprivate func writesNo(_ scratch: Set<Tensor>) -> Bool {
    var (reads, stores): (Set<Access>, Set<Access>) = ([], [])
    for statement in body { statement.collect(&reads, &stores) }
    return !stores.contains { scratch.contains($0.tensor) }
  }
}

extension [Statement] {
  /// Statements one after the other; what is left in scratch memory and what reads it there are one group, and so are the
  /// beginning of sums and what carries them on.
  fileprivate func groups(connectedBy scratch: Set<Tensor>) -> [[Statement]] {
    var groups: [[Statement]] = []
    for statement in self {
      var (reads, stores): (Set<Access>, Set<Access>) = ([], [])
      statement.collect(&reads, &stores)
      let found = Set(reads.map(\.tensor)).intersection(scratch)
      if let first = groups.firstIndex(where: { $0.contains { !$0.begunSums.isDisjoint(with: reads) } }) {
        let connected = Array(groups[first...].joined()) + [statement]
        groups.replaceSubrange(first..., with: [connected])
      } else if !groups.isEmpty, !found.isSubset(of: stores.map(\.tensor)) {
        groups[groups.count - 1].append(statement)
      } else {
        groups.append([statement])
      }
    }
    return groups
  }

  fileprivate func assignsOnlyOwnLocals(_ outer: Set<String>) -> Bool {
    var own = outer
    for statement in self {
      switch statement {
      case .declare(let name, _, _): own.insert(name)
      case .assign(let name, _, _): if !own.contains(name) { return false }
      case .loop(let loop): if !loop.body.assignsOnlyOwnLocals(own) { return false }
      case .conditional(_, let body): if !body.assignsOnlyOwnLocals(own) { return false }
      case .store, .prefetch: break
      }
    }
    return true
  }
}
