extension Equation {
  /// The equations whose sum is the gradient of a loss by one tensor that this equation reads, given the gradient by
  /// its result (the cotangent, of the result's shape). Empty where nothing flows; nil where it cannot be said in
  /// equations.
  ///
  /// What can be turned around is one equation that gathers: for a convolution those of the textbooks, a sum over
  /// filters and taps for the image, over images and pixels for the weight. Where data or an edge decides what is
  /// read, an equation scatters.
  ///
  /// - Parameter gradient: the tensor that the equations define, of the shape of `tensor`.
  package func adjoint(by tensor: Tensor, cotangent: Tensor, gradient: Tensor) -> [Equation]? {
    guard scatter == nil else { return scatterAdjoint(by: tensor, cotangent: cotangent, gradient: gradient) }
    let names = AxisNames(self)
    let pullback = Pullback(of: self, by: tensor, cotangent: cotangent[axes], names: names)
    var gathered: [Gathering] = []
    var scattered: [Equation] = []
    for contribution in pullback.contributions {
      let free = axes + contribution.bound
      if let inverse = InvertedAccess(contribution.access, free: free, names: names) {
        gathered.append(Gathering(contribution, inverse))
      } else {
        let target = Scatter(target: contribution.access.indices, initial: 0, combine: .sum)
        scattered.append(Equation(gradient, free, contribution.value.simplified, scatter: target))
      }
    }
    return (Gathering.equation(gathered, gradient).map { [$0] } ?? []) + scattered
  }

  /// `y[target] += x`: each element that was written gets the gradient of its place.
  private func scatterAdjoint(by tensor: Tensor, cotangent: Tensor, gradient: Tensor) -> [Equation]? {
    guard let scatter, scatter.combine == .sum || scatter.combine == nil,
      !scatter.initial.reads.contains(where: { $0.tensor == tensor })
    else { return nil }
    let arrived = Scalar.read(Access(cotangent, scatter.target, outside: 0))
    let pullback = Pullback(of: self, by: tensor, cotangent: arrived, names: AxisNames(self))
    var equations: [Equation] = []
    for contribution in pullback.contributions {
      let free = axes + contribution.bound
      guard let inverse = InvertedAccess(contribution.access, free: free, names: AxisNames(self)),
        let equation = Gathering.equation([Gathering(contribution, inverse)], gradient)
      else { return nil }
      equations.append(equation)
    }
    return equations
  }
}

/// One sum of a gradient that gathers.
private struct Gathering {
  let elementAxes: [Axis]
  let summed: [Axis]
  let value: Scalar

  init(_ contribution: Contribution, _ inverse: InvertedAccess) {
    elementAxes = inverse.elementAxes.compactMap { $0 }
    summed = inverse.summed
    let moved = contribution.value.substituting(inverse.replacements).simplified
    let guards = inverse.guards.filter { !$0.position.isInside($0.extent) }
    let (bounded, covered) = moved.bounded(by: guards)
    let open = guards.indices.filter { !covered.contains($0) }.map { guards[$0] }
    let conditions = inverse.conditions + open.flatMap { position, extent in
      position.conditions(extent)
    }
    let condition = conditions.reduce(Scalar?.none) { all, one in all.map { .binary(.and, $0, one) } ?? one }
    value = condition.map { select($0, bounded, 0) } ?? bounded
  }

  /// All sums in one equation, over the axes of the first.
  static func equation(_ parts: [Gathering], _ gradient: Tensor) -> Equation? {
    guard let first = parts.first else { return nil }
    let terms = parts.enumerated().map { number, part in
      reduce(.sum, part.summed, part.value).placed(part, at: first.elementAxes, number)
    }
    let value = terms.dropFirst().reduce(terms[0]) { $0 + $1 }
    return Equation(gradient, first.elementAxes, value.simplified)
  }
}

extension Scalar {
  /// The sum over other element axes. Its own summed axes step aside where they are called like one of them.
  fileprivate func placed(_ part: Gathering, at axes: [Axis], _ number: Int) -> Scalar {
    if part.elementAxes == axes { return self }
    let taken = Set(axes.map(\.name))
    var renaming: [Axis: Axis] = [:]
    for axis in part.summed where taken.contains(axis.name) {
      renaming[axis] = Axis("\(axis.name)_s\(number)", axis.extent)
    }
    var moved: [Axis: Index] = renaming.mapValues { .axis($0) }
    for (old, new) in zip(part.elementAxes, axes) { moved[old] = .axis(new) }
    guard case .reduce(let reduction, let summed, let body) = self, !part.summed.isEmpty else {
      return substituting(moved)
    }
    return .reduce(reduction, summed.map { renaming[$0] ?? $0 }, body.substituting(moved))
  }

  /// The value with 0 for what is read outside of a tensor, and the places of those guards that need no condition any
  /// more: in a product of reads, one that is outside makes the whole 0.
  fileprivate func bounded(by guards: [(position: Index, extent: Int)]) -> (Scalar, covered: Set<Int>) {
    guard !guards.isEmpty else { return (self, []) }
    var covered: Set<Int> = []
    let isProduct = factors.allSatisfy { factor in
      switch factor {
      case .read, .constant: true
      default: false
      }
    }
    let value = rewritten(scalar: { part in
      guard case .read(var access) = part, access.outside == nil else { return part }
      for (index, extent) in zip(access.indices, access.tensor.shape) where !index.isInside(extent) {
        access.outside = 0
        guard isProduct else { continue }
        covered.formUnion(guards.indices.filter { guards[$0].position == index && guards[$0].extent == extent })
      }
      return .read(access)
    })
    return (value, covered)
  }
}

extension Index {
  /// True where every value of the position lies in `0..<extent`.
  fileprivate func isInside(_ extent: Int) -> Bool {
    guard let range else { return false }
    return range.lowerBound >= 0 && range.upperBound < extent
  }

  /// What must hold for the position to lie in `0..<extent`.
  fileprivate func conditions(_ extent: Int) -> [Scalar] {
    var conditions: [Scalar] = []
    if (range?.lowerBound ?? -1) < 0 { conditions.append(.constant(0) .<= .index(self)) }
    if (range?.upperBound ?? .max) >= extent { conditions.append(.index(self) .< .constant(Double(extent))) }
    return conditions
  }
}
