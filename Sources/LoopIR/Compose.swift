/// Composition of equations: the algebra behind fusion.
extension Equation {
  /// `y[n,o] = sum(c) …` into `z[n,c] = max(y[n,c], 0)` → `z[n,o] = max(sum(c) …, 0)`.
  ///
  /// The consumer reads the producer at its own position only; it takes over the producer's axes, so that no
  /// reduction inside can capture one of them.
  package func absorbed(into consumer: Equation) -> Equation {
    var replacements: [Axis: Index] = [:]
    for (old, new) in zip(consumer.axes, axes) where old != new { replacements[old] = .axis(new) }
    let value = consumer.value.substituting(replacements).rewritten(scalar: { part in
      if case .read(let access) = part, access.tensor == result { self.value } else { part }
    })
    return Equation(consumer.result, axes, value)
  }

  /// Every read, those of a scatter's target and start included.
  package var allReads: [Access] {
    guard let scatter else { return value.reads }
    var found = value.reads + scatter.initial.reads
    for index in scatter.target {
      index.forEachScalar { if case .read(let access) = $0 { found.append(access) } }
    }
    return found
  }

  /// The axes of the result and of every sum.
  package var allAxes: [Axis] {
    var found = axes
    value.forEach { if case .reduce(_, let inner, _) = $0 { found += inner } }
    return found
  }

  /// Every scalar and position of the equation, changed.
  package func rewritten(index: (Index) -> Index = { $0 }, scalar: (Scalar) -> Scalar = { $0 }) -> Equation {
    var equation = self
    equation.value = value.rewritten(index: index, scalar: scalar)
    if var scatter {
      scatter.initial = scatter.initial.rewritten(index: index, scalar: scalar)
      scatter.target = scatter.target.map { $0.rewritten(index: index, scalar: scalar) }
      equation.scatter = scatter
    }
    return equation
  }

  package func renamingTensors(_ names: [Tensor: Tensor]) -> Equation {
    var equation = rewritten(scalar: { part in
      guard case .read(var access) = part, let tensor = names[access.tensor] else { return part }
      access.tensor = tensor
      return .read(access)
    })
    equation.result = names[result] ?? result
    return equation
  }

  /// Multiplications and additions (two for each step of a sum of products, one for any other operation). A reduction
  /// that occurs several times is computed once.
  package var operationCount: Int {
    var computed: Set<Scalar> = []
    return value.operationCount(&computed).multipliedSaturating(by: axes.map(\.extent))
  }
}

extension Scalar {
  /// - Parameter computed: reductions that cost nothing more.
  fileprivate func operationCount(_ computed: inout Set<Scalar>) -> Int {
    switch self {
    case .constant, .local, .index, .read: return 0
    case .unary(_, let a): return a.operationCount(&computed).addedSaturating(1)
    case .cast(_, let a): return a.operationCount(&computed)
    // Ten rounds of two products and four exclusive ors.
    case .random(let words): return words.reduce(60) { $0.addedSaturating($1.operationCount(&computed)) }
    case .binary(_, let a, let b):
      let first = a.operationCount(&computed)
      return first.addedSaturating(b.operationCount(&computed)).addedSaturating(1)
    case .select(let condition, let a, let b):
      let decision = condition.operationCount(&computed)
      var others = computed
      let chosen = max(a.operationCount(&computed), b.operationCount(&others))
      computed.formUnion(others)
      return decision.addedSaturating(chosen).addedSaturating(1)
    case .reduce(_, let axes, let a):
      guard computed.insert(self).inserted else { return 0 }
      var inside: Set<Scalar> = []
      return a.operationCount(&inside).addedSaturating(1).multipliedSaturating(by: axes.map(\.extent))
    }
  }
}
