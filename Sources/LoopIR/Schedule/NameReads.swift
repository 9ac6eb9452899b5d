/// `a = a + x[i] * w[0]; b = b + x[i] * w[1]` → `x1 = x[i]; a = a + x1 * w[0]; b = b + x1 * w[1]`.
///
/// An element that several statements of one straight line read is read once, right before its first use.
/// Nothing that a nest reads is written by it, so that this is always legal; guarded reads stay where their
/// guard is.
func nameRepeatedReads(_ statements: [Statement]) -> [Statement] {
  var naming = ReadNaming()
  return naming.name(statements)
}

private struct ReadNaming {
  var counts: [String: Int] = [:]

  mutating func name(_ statements: [Statement]) -> [Statement] {
    var uses: [Access: Int] = [:]
    for statement in statements {
      for access in statement.directReads where access.outside == nil { uses[access, default: 0] += 1 }
    }
    var names: [Access: Scalar] = [:]
    var result: [Statement] = []
    for statement in statements {
      if case .loop(let loop) = statement {
        result.append(.loop(Loop(loop.axis, kind: loop.kind, name(loop.body))))
        continue
      }
      for access in statement.directReads where uses[access, default: 0] > 1 && names[access] == nil {
        let local = fresh(access.tensor.name)
        names[access] = .local(local, access.tensor.element)
        result.append(.declare(local, access.tensor.element, .read(access)))
      }
      result.append(statement.replacingReads(names))
    }
    return result
  }

  private mutating func fresh(_ tensor: String) -> String {
    counts[tensor, default: 0] += 1
    return "\(tensor)_\(counts[tensor, default: 0])"
  }
}

extension Statement {
  /// Reads of the statement itself, not of statements or selections inside it.
  fileprivate var directReads: [Access] {
    switch self {
    case .loop, .conditional, .prefetch: []
    case .declare(_, _, let value), .assign(_, _, let value), .store(_, let value): value.unconditionalReads
    }
  }

  fileprivate func replacingReads(_ names: [Access: Scalar]) -> Statement {
    if names.isEmpty { return self }
    return mappingScalars { value in
      value.rewritten(scalar: { part in
        if case .read(let access) = part { names[access] ?? part } else { part }
      })
    }
  }
}

extension Scalar {
  fileprivate var unconditionalReads: [Access] {
    switch self {
    case .constant, .local, .index: []
    case .read(let access): [access]
    case .unary(_, let a), .cast(_, let a): a.unconditionalReads
    case .binary(_, let a, let b): a.unconditionalReads + b.unconditionalReads
    case .select(let condition, _, _): condition.unconditionalReads
    case .random(let words): words.flatMap(\.unconditionalReads)
    case .reduce: []
    }
  }
}
