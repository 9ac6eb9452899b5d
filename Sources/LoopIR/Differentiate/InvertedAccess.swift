/// The places from which an element of a tensor was read: `x[n, c, i*2 + p - 1]` turned around says that element
/// `h` of the last dimension was read at `i = (h + 1 - p) / 2`, for those `p` that leave no rest.
struct InvertedAccess {
  /// One axis for each dimension of the tensor.
  private(set) var elementAxes: [Axis?]
  /// Axes that are still free: their contributions add up.
  private(set) var summed: [Axis]
  /// What the axes of the equation are in terms of the two.
  private(set) var replacements: [Axis: Index] = [:]
  /// Positions that count only inside their axis.
  private(set) var guards: [(position: Index, extent: Int)] = []
  /// What else must hold; every one is a comparison.
  private(set) var conditions: [Scalar] = []

  private let shape: [Int]
  private var indices: [Index]
  private var names: AxisNames

  /// nil where data decides which element is read, or an index has no inverse that pays.
  init?(_ access: Access, free: [Axis], names: AxisNames) {
    shape = access.tensor.shape
    indices = access.indices.map(\.simplified)
    summed = free
    self.names = names
    elementAxes = Array(repeating: nil, count: shape.count)
    if indices.contains(where: \.isDataDependent) { return nil }
    while let place = next() {
      if !solve(place) { return nil }
    }
  }

  /// The names that are taken after the inversion.
  var takenNames: AxisNames { names }

  // MARK: Order of solving

  /// Dimensions that are an axis first, then sums, then quotients and remainders; what has no free axis is a condition.
  private func next() -> Int? {
    let open = indices.indices.filter { elementAxes[$0] == nil }
    return open.first { isPlainAxis(indices[$0]) } ?? open.first { !freeTerms(indices[$0]).isEmpty }
      ?? open.first { hasFreeAxis(indices[$0]) } ?? open.first
  }

  private func isPlainAxis(_ index: Index) -> Bool {
    if case .axis(let axis) = index { summed.contains(axis) } else { false }
  }

  private func freeTerms(_ index: Index) -> [(axis: Axis, factor: Int)] {
    LinearForm(index).terms.compactMap { term in
      guard case .axis(let axis) = term.atom, summed.contains(axis) else { return nil }
      return (axis, term.factor)
    }
  }

  private func hasFreeAxis(_ index: Index) -> Bool {
    summed.contains { index.substituting([$0: .constant(0)]) != index.simplified }
  }

  // MARK: Solving

  private mutating func solve(_ place: Int) -> Bool {
    let index = indices[place]
    if case .axis(let axis) = index, let free = summed.firstIndex(of: axis) {
      if axis.extent == shape[place] {
        elementAxes[place] = axis
        summed.remove(at: free)
      } else {
        replace(axis, by: .axis(newElementAxis(place)))
      }
      return true
    }
    if !freeTerms(index).isEmpty { return solveSum(place, index) }
    if hasFreeAxis(index) { return solveStep(place, index) }
    let element = newElementAxis(place)
    if shape[place] > 1 { conditions.append(.index(.axis(element)) .== .index(index)) }
    return true
  }

  private mutating func newElementAxis(_ place: Int) -> Axis {
    let wish = Equation.axisNames(rank: shape.count)[place]
    let axis = Axis(names.fresh(wish), shape[place])
    elementAxes[place] = axis
    return axis
  }

  /// The axis becomes a position, in everything that was found so far too.
  private mutating func replace(_ axis: Axis, by position: Index) {
    summed.removeAll { $0 == axis }
    indices = indices.map { $0.substituting([axis: position]) }
    for (key, value) in replacements { replacements[key] = value.substituting([axis: position]) }
    guards = guards.map { ($0.position.substituting([axis: position]), $0.extent) }
    conditions = conditions.map { $0.substituting([axis: position]) }
    replacements[axis] = position
    guards.append((position, axis.extent))
  }

  /// `h = s*v + rest` for the longest free axis `v`: `v = (h - rest) / s`.
  private mutating func solveSum(_ place: Int, _ index: Index) -> Bool {
    let terms = freeTerms(index)
    // The first of the longest: the axis of the result, not that of the window.
    guard var chosen = terms.first else { return false }
    for term in terms where term.axis.extent > chosen.axis.extent { chosen = term }
    let element = newElementAxis(place)
    let rest = index.substituting([chosen.axis: .constant(0)])
    let numerator = chosen.factor > 0 ? element - rest : rest - element
    let step = chosen.factor.magnitude
    guard step > 1 else {
      replace(chosen.axis, by: numerator)
      return true
    }
    let tap = terms.first { $0.axis != chosen.axis && abs($0.factor) == 1 }
    if let tap {
      solveStrided(chosen.axis, Int(step), tap: tap.axis, numerator)
    } else {
      conditions.append(.index(numerator.remainder(dividingBy: Int(step))) .== 0)
      replace(chosen.axis, by: numerator.dividedRoundingDown(by: Int(step)))
    }
    return true
  }

  /// `s*v = m ± p`: only the taps `p` with the right remainder by `s` meet the element; they are `r + s*t`.
  private mutating func solveStrided(_ axis: Axis, _ step: Int, tap: Axis, _ numerator: Index) {
    let sign = LinearForm(numerator).factor(of: tap)
    let rest = numerator.substituting([tap: .constant(0)])
    let count = Axis(names.fresh("t"), (tap.extent + step - 1) / step)
    summed.append(count)
    if sign < 0 {
      replace(tap, by: rest.remainder(dividingBy: step) + count * step)
      replace(axis, by: rest.dividedRoundingDown(by: step) - count)
    } else {
      replace(tap, by: (rest * -1).remainder(dividingBy: step) + count * step)
      replace(axis, by: (rest + (step - 1)).dividedRoundingDown(by: step) + count)
    }
  }

  /// `h = v / k` and `h = v % k`.
  private mutating func solveStep(_ place: Int, _ index: Index) -> Bool {
    switch index {
    case .quotient(.axis(let axis), let divisor) where summed.contains(axis):
      let element = newElementAxis(place)
      let rest = Axis(names.fresh("t"), min(divisor, axis.extent))
      summed.append(rest)
      replace(axis, by: element * divisor + rest)
      return true
    case .remainder(.axis(let axis), let divisor) where summed.contains(axis):
      let element = newElementAxis(place)
      if element.extent > divisor { guards.append((.axis(element), divisor)) }
      let count = Axis(names.fresh("t"), (axis.extent + divisor - 1) / divisor)
      summed.append(count)
      replace(axis, by: element + count * divisor)
      return true
    default: return false
    }
  }
}
