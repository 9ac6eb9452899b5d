/// Bottom-up rewriting: the only recursion over index and scalar trees that builds new ones.
extension Index {
  package func rewritten(index: (Index) -> Index, scalar: (Scalar) -> Scalar) -> Index {
    func visit(_ child: Index) -> Index { child.rewritten(index: index, scalar: scalar) }
    return switch self {
    case .constant, .axis: index(self)
    case .sum(let a, let b): index(.sum(visit(a), visit(b)))
    case .product(let a, let b): index(.product(visit(a), visit(b)))
    case .quotient(let a, let divisor): index(.quotient(visit(a), divisor))
    case .remainder(let a, let divisor): index(.remainder(visit(a), divisor))
    case .minimum(let a, let b): index(.minimum(visit(a), visit(b)))
    case .maximum(let a, let b): index(.maximum(visit(a), visit(b)))
    case .value(let value): index(.value(value.rewritten(index: index, scalar: scalar)))
    }
  }
}

extension Scalar {
  /// Every scalar of the tree, changed, and every part of every position.
  package func rewritten(index: (Index) -> Index, scalar: (Scalar) -> Scalar = { $0 }) -> Scalar {
    rewritten(positions: { $0.rewritten(index: index, scalar: scalar) }, scalar: scalar)
  }

  /// Every scalar of the tree, those inside data-dependent positions included, changed.
  package func rewritten(scalar: (Scalar) -> Scalar) -> Scalar {
    rewritten(
      positions: { $0.isDataDependent ? $0.rewritten(index: { $0 }, scalar: scalar) : $0 }, scalar: scalar)
  }

  /// Axes replaced by other positions; every index in normal form.
  package func substituting(_ replacements: [Axis: Index]) -> Scalar {
    rewritten(positions: { $0.substituting(replacements) }, scalar: { $0 })
  }

  private func rewritten(positions: (Index) -> Index, scalar: (Scalar) -> Scalar) -> Scalar {
    func visit(_ child: Scalar) -> Scalar { child.rewritten(positions: positions, scalar: scalar) }
    switch self {
    case .constant, .local: return scalar(self)
    case .index(let position): return scalar(.index(positions(position)))
    case .read(var access):
      access.indices = access.indices.map(positions)
      return scalar(.read(access))
    case .unary(let function, let a): return scalar(.unary(function, visit(a)))
    case .binary(let function, let a, let b): return scalar(.binary(function, visit(a), visit(b)))
    case .select(let condition, let a, let b): return scalar(.select(visit(condition), visit(a), visit(b)))
    case .reduce(let reduction, let axes, let a): return scalar(.reduce(reduction, axes, visit(a)))
    case .cast(let type, let a): return scalar(.cast(type, visit(a)))
    case .random(let words): return scalar(.random(words.map(visit)))
    }
  }

  /// Visits every scalar of the tree, children before parents, those inside data-dependent indices included.
  package func forEach(_ body: (Scalar) -> Void) {
    switch self {
    case .constant, .local: break
    case .index(let index): index.forEachScalar(body)
    case .read(let access): access.indices.forEach { $0.forEachScalar(body) }
    case .unary(_, let a), .reduce(_, _, let a), .cast(_, let a): a.forEach(body)
    case .binary(_, let a, let b):
      a.forEach(body)
      b.forEach(body)
    case .select(let a, let b, let c):
      a.forEach(body)
      b.forEach(body)
      c.forEach(body)
    case .random(let words): words.forEach { $0.forEach(body) }
    }
    body(self)
  }

  /// Every access of the tree, in order of appearance, repetitions included.
  package var reads: [Access] {
    var found: [Access] = []
    forEach { if case .read(let access) = $0 { found.append(access) } }
    return found
  }
}

extension Index {
  package func forEachScalar(_ body: (Scalar) -> Void) {
    switch self {
    case .constant, .axis: break
    case .sum(let a, let b), .product(let a, let b), .minimum(let a, let b), .maximum(let a, let b):
      a.forEachScalar(body)
      b.forEachScalar(body)
    case .quotient(let a, _), .remainder(let a, _): a.forEachScalar(body)
    case .value(let value): value.forEach(body)
    }
  }

  /// True where the position depends on data.
  package var isDataDependent: Bool {
    var found = false
    forEachScalar { _ in found = true }
    return found
  }
}
