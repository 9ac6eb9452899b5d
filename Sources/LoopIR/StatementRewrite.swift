extension Statement {
  /// Every scalar that stands directly in a statement, changed; nested statements included.
  package func mappingScalars(_ transform: (Scalar) -> Scalar) -> Statement {
    switch self {
    case .loop(let loop):
      .loop(Loop(loop.axis, kind: loop.kind, loop.body.map { $0.mappingScalars(transform) }))
    case .declare(let name, let type, let value): .declare(name, type, transform(value))
    case .assign(let name, let type, let value): .assign(name, type, transform(value))
    case .store(let target, let value): .store(target, transform(value))
    case .conditional(let condition, let body):
      .conditional(transform(condition), body.map { $0.mappingScalars(transform) })
    case .prefetch: self
    }
  }

  /// Every place that is stored to or prefetched, changed; nested statements included.
  package func mappingTargets(_ transform: (Access) -> Access) -> Statement {
    switch self {
    case .loop(let loop):
      .loop(Loop(loop.axis, kind: loop.kind, loop.body.map { $0.mappingTargets(transform) }))
    case .declare, .assign: self
    case .store(let target, let value): .store(transform(target), value)
    case .conditional(let condition, let body):
      .conditional(condition, body.map { $0.mappingTargets(transform) })
    case .prefetch(let place, let ahead): .prefetch(transform(place), ahead: ahead)
    }
  }

  /// Every distance of a prefetch, changed; nested statements included.
  private func mappingDistances(_ transform: (Index) -> Index) -> Statement {
    switch self {
    case .loop(let loop): .loop(Loop(loop.axis, kind: loop.kind, loop.body.map { $0.mappingDistances(transform) }))
    case .declare, .assign, .store: self
    case .conditional(let condition, let body): .conditional(condition, body.map { $0.mappingDistances(transform) })
    case .prefetch(let place, let ahead): .prefetch(place, ahead: transform(ahead))
    }
  }

  /// Axes replaced by other positions.
  package func substituting(_ replacements: [Axis: Index]) -> Statement {
    mappingScalars { $0.substituting(replacements) }
      .mappingTargets { target in
        var target = target
        target.indices = target.indices.map { $0.substituting(replacements) }
        return target
      }
      .mappingDistances { $0.substituting(replacements) }
  }

  func renamingLocals(_ rename: (String) -> String) -> Statement {
    let renamed = mappingScalars { value in
      value.rewritten(scalar: { part in
        if case .local(let name, let type) = part { .local(rename(name), type) } else { part }
      })
    }
    return switch renamed {
    case .declare(let name, let type, let value): .declare(rename(name), type, value)
    case .assign(let name, let type, let value): .assign(rename(name), type, value)
    case .conditional(let condition, let body):
      .conditional(condition, body.map { $0.renamingLocals(rename) })
    case .loop, .store, .prefetch: renamed
    }
  }
}

extension Statement {
  /// Iterations of the loops of that name; loops inside one another are multiplied.
  func extents(of name: String) -> [Int] {
    switch self {
    case .loop(let loop):
      let nested = loop.body.flatMap { $0.extents(of: name) }
      if loop.axis.name != name { return nested }
      let (product, overflow) = loop.axis.extent.multipliedReportingOverflow(by: max(1, nested.max() ?? 1))
      return [overflow ? .max : product]
    case .conditional(_, let body): return body.flatMap { $0.extents(of: name) }
    case .declare, .assign, .store, .prefetch: return []
    }
  }
}

extension [Statement] {
  /// Number of statements, nested ones included.
  var statementCount: Int {
    reduce(0) { count, statement in
      switch statement {
      case .loop(let loop): count + 1 + loop.body.statementCount
      case .conditional(_, let body): count + 1 + body.statementCount
      case .declare, .assign, .store, .prefetch: count + 1
      }
    }
  }
}
