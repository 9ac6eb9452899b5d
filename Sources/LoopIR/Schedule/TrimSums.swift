/// Sums leave out the terms that are 0 because a factor lies outside of its tensor, or a position where none counts:
///
///     for t in 0..<2 { sum += x[…] * w[t * 2 + 1 | 0] }   // three weights
///   →
///     for t in 0..<1 { sum += x[…] * w[t * 2 + 1] }
extension LoopNest {
  var trimmed: LoopNest {
    body.contains(where: \.hasTests) ? LoopNest(loops: loops, body: body.compactMap(\.trimmed)) : self
  }
}

extension Statement {
  /// Only the sums of windows are short enough to look at every term.
  private static let longestWindow = 32

  /// Whether anything depends on positions otherwise than by reading there: without, no term is 0 for certain.
  fileprivate var hasTests: Bool {
    var found = false
    _ = mappingScalars { value in
      value.forEach { part in
        switch part {
        case .read(let access): found = found || access.outside != nil
        case .select, .index: found = true
        default: break
        }
      }
      return value
    }
    return found
  }

  /// nil for a loop that adds nothing.
  fileprivate var trimmed: Statement? {
    guard case .loop(var loop) = self else { return mappingScalars(\.withoutNeedlessTests) }
    if loop.axis.extent <= Self.longestWindow {
      let useful = (0..<loop.axis.extent).filter { iteration in
        !loop.body.allSatisfy { $0.substituting([loop.axis: .constant(iteration)]).addsNothing }
      }
      guard let first = useful.first, let last = useful.last else { return nil }
      if useful.count < loop.axis.extent {
        let rest = Axis(loop.axis.name, last - first + 1)
        loop = Loop(rest, kind: loop.kind, loop.body.map { $0.substituting([loop.axis: rest + first]) })
      }
    }
    loop.body = loop.body.compactMap(\.trimmed)
    return loop.body.isEmpty ? nil : .loop(loop)
  }

  /// True for a sum that is increased by a product of which a factor is 0.
  private var addsNothing: Bool {
    switch self {
    case .loop(let loop): loop.body.allSatisfy(\.addsNothing)
    case .assign(let name, let type, .binary(.add, let sum, let term)) where sum == .local(name, type):
      term.withoutNeedlessTests == 0
        || term.factors.contains { if case .read(let access) = $0 { access.isZero } else { false } }
    default: false
    }
  }
}

extension Access {
  /// True where the access lies outside of the tensor for certain, and is 0 there.
  fileprivate var isZero: Bool {
    outside == 0
      && zip(indices, tensor.shape).contains { index, extent in
        index.range.map { $0.upperBound < 0 || $0.lowerBound >= extent } ?? false
      }
  }

  fileprivate var isInside: Bool {
    zip(indices, tensor.shape).allSatisfy { index, extent in
      index.range.map { $0.lowerBound >= 0 && $0.upperBound < extent } ?? false
    }
  }
}

extension Scalar {
  fileprivate var withoutNeedlessTests: Scalar {
    rewritten(scalar: { part in
      guard case .read(var access) = part, access.outside != nil, access.isInside else { return part }
      access.outside = nil
      return .read(access)
    }).simplified
  }
}
