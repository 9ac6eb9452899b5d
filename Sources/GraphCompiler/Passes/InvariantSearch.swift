import LoopIR

/// Looks through an expression once for its largest part that costs much and depends on few axes.
struct InvariantSearch {
  /// What an expression is made of.
  struct Contents {
    /// Axes of the result that it depends on.
    var axes: Set<Axis> = []
    var size = 1
    var readsSomething = false
    /// True where it divides or calls a function.
    var isCostly = false

    func joined(_ other: Contents) -> Contents {
      Contents(
        axes: axes.union(other.axes), size: size + other.size,
        readsSomething: readsSomething || other.readsSomething, isCostly: isCostly || other.isCostly)
    }
  }

  let equation: Equation
  /// Elements of an invariant at most.
  let mostElements: Double
  private(set) var best: (value: Scalar, axes: [Axis], size: Int)?

  init(equation: Equation, mostElements: Double) {
    self.equation = equation
    self.mostElements = mostElements
  }

  /// nil for what is not made of elements of other tensors alone, at places known before the sums.
  mutating func visit(_ value: Scalar) -> Contents? {
    switch value {
    case .constant: return Contents()
    case .read(let access): return contents(of: access)
    case .unary(let function, let operand):
      guard var found = visit(operand) else { return nil }
      found.size += 1
      found.isCostly = found.isCostly || function.isCostly
      if function != .not, function != .isNaN { consider(value, found) }
      return found
    case .binary(let function, let left, let right):
      guard var found = joined([left, right]) else { return nil }
      found.isCostly = found.isCostly || function == .divide || function == .power
      if !function.isComparisonOrLogic { consider(value, found) }
      return found
    case .select(let condition, let first, let second): return joined([condition, first, second])
    // No invariants themselves, but parts of them may be.
    case .reduce(_, _, let part), .cast(_, let part): _ = visit(part)
    case .random(let words): _ = joined(words)
    case .index, .local: break
    }
    return nil
  }

  private mutating func joined(_ parts: [Scalar]) -> Contents? {
    var found: Contents? = Contents()
    // Every part is looked through, also beside one that is no candidate.
    for part in parts {
      let contents = visit(part)
      found = found.flatMap { found in contents.map(found.joined) }
    }
    return found
  }

  private func contents(of access: Access) -> Contents? {
    guard access.outside == nil, access.tensor != equation.result else { return nil }
    var found = Contents(readsSomething: true)
    for index in access.indices {
      for term in LinearForm(index).terms {
        guard case .axis(let axis) = term.atom, equation.axes.contains(axis) else { return nil }
        found.axes.insert(axis)
      }
    }
    return found
  }

  private mutating func consider(_ value: Scalar, _ contents: Contents) {
    guard contents.isCostly, contents.readsSomething, contents.size > best?.size ?? 0,
      contents.axes.reduce(1.0, { $0 * Double($1.extent) }) <= mostElements
    else { return }
    best = (value, equation.axes.filter { contents.axes.contains($0) }, contents.size)
  }
}

extension UnaryFunction {
  /// False for what takes an instruction or two.
  fileprivate var isCostly: Bool {
    ![.negate, .absolute, .floor, .ceil, .round, .not, .isNaN].contains(self)
  }
}
