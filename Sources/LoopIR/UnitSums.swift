extension Equation {
  /// `sum(c, p) x[o + c, p]` with one c → `sum(p) x[o, p]`: in a depthwise convolution the channel read is the channel
  /// computed, and so it is where the result has that axis, in gradients by weights. Other sums over one place stay, since
  /// they are written as convolutions are.
  package var withoutShiftsByNothing: Equation {
    var unit: Set<Axis> = []
    value.forEach { if case .reduce(_, let axes, _) = $0 { unit.formUnion(axes.filter { $0.extent == 1 }) } }
    unit.formUnion(axes.filter { $0.extent == 1 })
    let shifts = unit.filter { axis in
      let others = axes.filter { $0 != axis }
      return allReads.contains { $0.indices.contains { $0.mentions(axis) && $0.mentionsAny(of: others) } }
    }
    if shifts.isEmpty { return self }
    let zeros = Dictionary(uniqueKeysWithValues: shifts.map { ($0, Index.constant(0)) })
    var equation = self
    equation.value = value.substituting(zeros).rewritten(scalar: { part in
      guard case .reduce(let reduction, let axes, let body) = part else { return part }
      let rest = axes.filter { !shifts.contains($0) }
      return rest.isEmpty ? part : .reduce(reduction, rest, body)
    })
    return equation
  }
}

extension Index {
  fileprivate func mentionsAny(of axes: [Axis]) -> Bool {
    axes.contains { mentions($0) }
  }
}
