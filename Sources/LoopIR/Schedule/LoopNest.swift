/// Perfectly nested loops over a result's axes around a body that computes one element (or one tile).
///
/// Different iterations write different elements and read none of them, so that these loops may run in any
/// order: this is what makes reordering, splitting, jamming and vectorising of them legal. Loops inside the
/// body are reductions and keep their order, and so do levels of sums that are carried on in the result.
package struct LoopNest: Hashable, Sendable {
  package struct Level: Hashable, Sendable {
    package var axis: Axis
    package var kind: Loop.Kind
    /// Iterations add to the same elements, one after the other: no level to be unrolled, or to run in any order.
    var isCarried: Bool

    package init(_ axis: Axis, _ kind: Loop.Kind = .serial, isCarried: Bool = false) {
      self.axis = axis
      self.kind = kind
      self.isCarried = isCarried
    }
  }

  package var loops: [Level]
  package var body: [Statement]

  package init(loops: [Level], body: [Statement]) {
    self.loops = loops
    self.body = body
  }

  package var statements: [Statement] {
    loops.reversed().reduce(body) { inner, level in
      [.loop(Loop(level.axis, kind: level.kind, inner))]
    }
  }

  /// The most iterations of a loop of that name, of the result or a reduction; nil where there is none.
  func extent(of name: String) -> Int? {
    let own = loops.filter { $0.axis.name == name }.map(\.axis.extent)
    return (own + body.flatMap { $0.extents(of: name) }).max()
  }

  /// `y[n,i] = f(sum(c) e)` → `for n { for i { sum = 0; for c { sum = sum + e }; y[n,i] = f(sum) } }`.
  ///
  /// A scatter becomes a nest that fills the result and one, strictly serial, that writes into it.
  package static func naive(_ full: Equation) -> [LoopNest] {
    let equation = full.withoutUnitAxes
    var hoisting = ReductionHoisting(result: equation.result.element)
    let value = hoisting.hoist(equation.value)
    let loops = equation.axes.filter { $0.extent != 1 || equation.scatter != nil }.map { Level($0) }
    guard let scatter = equation.scatter else {
      let place = equation.axes.map { $0.extent == 1 ? Index.constant(0) : .axis($0) }
      let store = Statement.store(Access(equation.result, place), value)
      return [LoopNest(loops: loops, body: hoisting.statements + [store])]
    }
    let all = Equation.axes(Equation.axisNames(rank: equation.result.rank), equation.result.shape)
    let fill = Statement.store(Access(equation.result, all.map(\.index)), scatter.initial)
    let target = Access(equation.result, scatter.target)
    let combined = scatter.combine.map { Scalar.binary($0.combiner, .read(target), value) } ?? value
    let write = Statement.conditional(isInside(target), [.store(target, combined)])
    let serial = hoisting.statements + [write]
    let nest = loops.reversed().reduce(serial) { [.loop(Loop($1.axis, $0))] }
    return [LoopNest(loops: all.map { Level($0) }, body: [fill]), LoopNest(loops: [], body: nest)]
  }

  private static func isInside(_ access: Access) -> Scalar {
    var conditions: [Scalar] = []
    for (index, extent) in zip(access.indices, access.tensor.shape) {
      if let range = index.range, range.lowerBound >= 0, range.upperBound < extent { continue }
      let low = Scalar.binary(.lessEqual, 0, .index(index))
      let high = Scalar.binary(.less, .index(index), .constant(Double(extent)))
      conditions.append(.binary(.and, low, high))
    }
    guard let first = conditions.first else { return 1 }
    return conditions.dropFirst().reduce(first) { .binary(.and, $0, $1) }
  }
}

extension Equation {
  /// Axes of extent 1 are at 0: no loop is made for them. Scatters stay as they are.
  fileprivate var withoutUnitAxes: Equation {
    if scatter != nil { return self }
    var unit = axes.filter { $0.extent == 1 }
    value.forEach { if case .reduce(_, let axes, _) = $0 { unit += axes.filter { $0.extent == 1 } } }
    let zeros = Dictionary(unit.map { ($0, Index.constant(0)) }, uniquingKeysWith: { first, _ in first })
    if zeros.isEmpty { return self }
    var equation = self
    equation.value = value.substituting(zeros).rewritten(scalar: { part in
      guard case .reduce(let reduction, let axes, let body) = part else { return part }
      return .reduce(reduction, axes.filter { $0.extent != 1 }, body)
    })
    if let target = scatter?.target { equation.scatter?.target = target.map { $0.substituting(zeros) } }
    return equation
  }
}

/// Moves reductions out of an expression into loops before it: `f(sum(c) e)` → `sum = 0; for c { … };
/// f(sum)`.
private struct ReductionHoisting {
  let result: ElementType
  var statements: [Statement] = []
  var count = 0
  /// Reductions whose loops stand before, so that one that occurs twice is computed once.
  private var computed: [Scalar: Scalar] = [:]

  init(result: ElementType) { self.result = result }

  mutating func hoist(_ value: Scalar) -> Scalar {
    switch value {
    case .constant, .index, .local, .read:
      return value
    case .unary(let function, let a):
      return .unary(function, hoist(a))
    case .binary(let function, let a, let b):
      return .binary(function, hoist(a), hoist(b))
    case .select(let condition, let a, let b):
      return .select(hoist(condition), hoist(a), hoist(b))
    case .cast(let type, let a):
      return .cast(type, hoist(a))
    case .random(let words):
      return .random(words.map { hoist($0) })
    case .reduce(let reduction, let axes, let body):
      if let local = computed[value] { return local }
      let local = accumulate(reduction, axes, body)
      computed[value] = local
      return local
    }
  }

  private mutating func accumulate(_ reduction: Reduction, _ axes: [Axis], _ body: Scalar) -> Scalar {
    let type = body.elementType ?? result
    let stem = reduction.localName
    count += 1
    let name = count == 1 ? stem : "\(stem)\(count)"
    let (outer, outerComputed) = (statements, computed)
    (statements, computed) = ([], [:])
    let term = hoist(body)
    let update = Statement.assign(name, type, .binary(reduction.combiner, .local(name, type), term))
    let loops = axes.reversed().reduce(statements + [update]) { [.loop(Loop($1, $0))] }
    computed = outerComputed
    statements = outer + [.declare(name, type, .constant(reduction.identity(on: type)))] + loops
    return .local(name, type)
  }
}

extension Reduction {
  /// What the accumulator is called in generated code.
  var localName: String {
    switch self {
    case .sum: "sum"
    case .product: "product"
    case .maximum: "largest"
    case .minimum: "smallest"
    }
  }
}
