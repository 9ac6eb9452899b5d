extension CodeBuilder {
  /// Code of `sum(axes) body` where the body is a read, or the product of two, at positions affine in the
  /// loops. Nil where the general code has to do it.
  mutating func sumOfProducts(_ axes: [Axis], _ body: Scalar, _ scope: Scope) -> ScalarCode? {
    guard let factors = Self.factors(of: body) else { return nil }
    let row = scope.row.flatMap { row in
      axes.contains(row) || factors.contains { $0.hides(row) } ? nil : row
    }
    if factors.contains(where: { access in axes.contains(where: access.hides) }) { return nil }
    guard let loops = Self.orderedLoops(axes, row: row, factors) else { return nil }
    guard let sum = sumOfProducts(loops, row: row, factors, scope) else { return nil }
    return row.map { Self.cached(sum, slot: slot(of: $0, scope), count: $0.extent) } ?? Self.single(sum)
  }

  private static func factors(of body: Scalar) -> [Access]? {
    switch body {
    case .read(let access) where access.isSummable:
      return [access]
    case .binary(.multiply, .read(let left), .read(let right)) where left.isSummable && right.isSummable:
      return [left, right]
    default:
      return nil
    }
  }

  private mutating func sumOfProducts(
    _ loops: [Axis], row: Axis?, _ factors: [Access], _ scope: Scope
  ) -> SumOfProducts? {
    var (offsets, tests): ([SumOfProducts.Cursor], [SumOfProducts.Cursor]) = ([], [])
    var limits: [Int] = []
    var memories: [Buffer] = []
    for access in factors {
      guard case .constant(let buffer) = source(access.tensor) else { return nil }
      memories.append(buffer)
      let layout = Layout.plain(rank: access.tensor.rank)
      offsets.append(cursor(layout.offset(of: access.indices, shape: access.tensor.shape), loops, scope))
      for (index, extent) in zip(access.indices, access.tensor.shape) {
        if let range = index.range, range.lowerBound >= 0, range.upperBound < extent { continue }
        if access.outside == nil { return nil }
        tests.append(cursor(index, loops, scope))
        limits.append(extent)
      }
    }
    if factors.count == 1 {
      offsets.append(.init(start: { _ in 0 }, steps: loops.map { _ in 0 }))
      memories.append(Buffer([1]))
    }
    let target = SumOfProducts.Cursor(start: { _ in 0 }, steps: loops.map { $0 == row ? 1 : 0 })
    return SumOfProducts(
      factors: (memories[0], memories[1]), offsets: offsets + [target], tests: tests, limits: limits,
      extents: loops.map(\.extent))
  }

  /// The index with every loop at 0, and what each loop adds.
  private mutating func cursor(_ index: Index, _ loops: [Axis], _ scope: Scope) -> SumOfProducts.Cursor {
    var rest = LinearForm(index)
    let steps = loops.map { rest.factor(of: $0) }
    rest.terms.removeAll { term in loops.contains { term.atom == .axis($0) } }
    return .init(start: code(rest.index, scope), steps: steps)
  }

  private static func single(_ sum: SumOfProducts) -> ScalarCode {
    { frame in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: 1) { row in
        row.initialize(repeating: 0)
        sum.fill(row, frame)
        return row[0]
      }
    }
  }

  private static func cached(_ sum: SumOfProducts, slot: Int, count: Int) -> ScalarCode {
    let cache = Cache(count: count)
    return { frame in
      if cache.row != frame.axes[Frame.rowSlot] {
        cache.row = frame.axes[Frame.rowSlot]
        cache.values.withUnsafeMutableBufferPointer { sum.fill($0, frame) }
      }
      return cache.values[frame.axes[slot]]
    }
  }

  /// The sums of one row of the result.
  private final class Cache {
    var row = 0
    var values: [Double]

    init(count: Int) { values = [Double](repeating: 0, count: count) }
  }

  /// The row stands outermost or innermost, and the axis with the best run is innermost, by a rough model of
  /// its cost: starting a run, reaching for elements that do not lie side by side, and storing sums.
  private static func orderedLoops(_ axes: [Axis], row: Axis?, _ factors: [Access]) -> [Axis]? {
    let offsets = factors.map { access in
      let layout = Layout.plain(rank: access.tensor.rank)
      return LinearForm(layout.offset(of: access.indices, shape: access.tensor.shape))
    }
    func cost(_ axis: Axis) -> Double {
      let start = 10 / Double(max(axis.extent, 1))
      let store = axis == row ? 0.3 : 0
      return offsets.reduce(start + store) { cost, form in
        let step = abs(form.factor(of: axis))
        return cost + (step <= 1 ? 0.2 : step <= 8 ? 0.5 : 1.5)
      }
    }
    let candidates = axes + (row.map { [$0] } ?? [])
    guard let run = candidates.min(by: { cost($0) < cost($1) }) else { return nil }
    let outer = row.map { $0 == run ? axes : [$0] + axes } ?? axes
    return outer.filter { $0 != run } + [run]
  }
}

extension Access {
  /// What is outside adds nothing to a sum, and positions are known without data.
  fileprivate var isSummable: Bool {
    tensor.element.isFloatingPoint && (outside ?? 0) == 0 && !indices.contains(where: \.isDataDependent)
  }

  /// True where an index mentions the axis in a form that is not affine.
  fileprivate func hides(_ axis: Axis) -> Bool {
    indices.contains { index in
      LinearForm(index).terms.contains { $0.atom != .axis(axis) && $0.atom.mentions(axis) }
    }
  }
}
