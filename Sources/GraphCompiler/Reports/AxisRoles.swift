import LoopIR

/// What the loops of a kernel walk, as its equations and its schedule say.
struct AxisRoles {
  private let kernel: Kernel
  /// Where an axis comes from by cutting and joining: `j1` from `j`.
  private var origins: [String: String] = [:]
  private var extents: [String: Int] = [:]
  private var unrolled: [String] = []
  private var lanes: [String] = []
  private var carried: [String] = []
  /// Axes of reductions, with what these do.
  private var reductions: [String: String] = [:]

  init(_ kernel: Kernel) {
    self.kernel = kernel
    for equation in kernel.equations {
      equation.value.forEach { part in
        guard case .reduce(let reduction, let axes, _) = part else { return }
        for axis in axes {
          reductions[axis.name] = reduction.rawValue
          extents[axis.name] = axis.extent
        }
      }
      for axis in equation.axes {
        reductions[axis.name] = nil
        extents[axis.name] = axis.extent
      }
    }
    for directive in kernel.schedule.directives {
      switch directive {
      case .split(let axis, let factor, let outer, let inner):
        let root = origin(axis)
        let extent = extents[axis] ?? factor
        extents[outer] = (extent + factor - 1) / factor
        extents[inner] = factor
        origins[outer] = root
        origins[inner] = root
      case .fuse(let outer, _, let name): origins[name] = origin(outer)
      case .unroll(let axis): unrolled.append(axis)
      case .vectorize(let axis): lanes.append(axis)
      case .carry(let axis): carried.append(axis)
      case .reorder, .parallel, .separate, .prefetch, .stream: break
      }
    }
  }

  private func origin(_ name: String) -> String { origins[name] ?? name }

  /// For the line of a loop.
  func note(_ loop: Loop) -> String {
    let name = loop.axis.name
    switch loop.kind {
    case .parallel: return "shared among threads"
    case .vector:
      let vectors = (loop.axis.extent + Layout.block - 1) / Layout.block
      if vectors > 1 { return "\(vectors) vectors of \(Layout.block) lanes" }
      return "\(loop.axis.extent) of \(Layout.block) lanes"
    case .serial: break
    }
    if let reduction = reductions[origin(name)] {
      if !loop.accumulates { return carried.contains(name) ? "pieces of the sum" : "" }
      let written = unrolled.filter { reductions[origin($0)] != nil }
        .map { "\($0) written out \(extents[$0] ?? 1) times" }
      return ([reduction] + written).joined(separator: ", ")
    }
    if lanes.contains(where: { origin($0) == origin(name) }) { return "blocks of lanes" }
    if origins[name] != nil, unrolled.contains(where: { origin($0) == origin(name) }) { return "tiles" }
    return kernel.equations.contains { $0.axes.contains { $0.name == origin(name) } } ? "result" : ""
  }

  /// `14 pixels x 2 vectors`: what so many accumulators are; nil where the schedule writes nothing out.
  func tile(_ count: Int) -> String? {
    let own = unrolled.filter { reductions[origin($0)] == nil }
    if own.isEmpty { return nil }
    let ofLanes = own.filter { axis in lanes.contains { origin($0) == origin(axis) } }
    let vectors = ofLanes.reduce(1) { $0 * (extents[$1] ?? 1) }
    guard vectors > 0, count.isMultiple(of: vectors) else { return nil }
    let pixels = count / vectors
    return "\(pixels) pixel\(pixels == 1 ? "" : "s") x \(vectors) vector\(vectors == 1 ? "" : "s")"
  }
}

extension Loop {
  /// True where iterations add to locals from outside.
  fileprivate var accumulates: Bool { !body.assignedLocals.subtracting(body.declaredLocals).isEmpty }
}

extension [Statement] {
  fileprivate var declaredLocals: Set<String> {
    reduce(into: []) { names, statement in
      switch statement {
      case .loop(let loop): names.formUnion(loop.body.declaredLocals)
      case .conditional(_, let body): names.formUnion(body.declaredLocals)
      case .declare(let name, _, _): names.insert(name)
      case .assign, .store, .prefetch: break
      }
    }
  }
}
