import LoopIR
import SourceText

extension Elaborator {
  /// The values of an expression; several only where an operator or block has several results.
  /// - Parameter names: full names for the results, in so far as the expression computes them itself.
  func evaluate(
    _ expression: ExpressionSyntax, names: [String] = []
  ) throws(Failure) -> [Item] {
    try enter(expression.range)
    defer { leave() }
    switch expression.kind {
    case .literal(let value): return [.constant(value)]
    case .list(let elements): return [.constant(try list(elements))]
    case .path(let path): return [try lookUp(path, at: expression.range)]
    case .type(let type): return [try exampleOperand(type)]
    case .call(let call): return try evaluate(call, flow: nil, names: names)
    case .negation(let operand): return [try negate(operand, expression.range, names)]
    case .operations(let first, let rest): return [try operate(first, rest, names)]
    case .chain(let first, let stages):
      let start = Flow(items: try evaluate(first), range: first.range)
      return try run(stages, from: start, names: names)
    }
  }

  /// The one value of an expression.
  func item(_ expression: ExpressionSyntax, names: [String] = []) throws(Failure) -> Item {
    try evaluate(expression, names: names).single(at: expression.range)
  }

  /// The compile-time value of an expression; in it, constants of rank 0 count as their numbers.
  func constant(_ expression: ExpressionSyntax) throws(Failure) -> Attribute {
    let outer = readsConstants
    readsConstants = true
    defer { readsConstants = outer }
    switch try item(expression) {
    case .constant(let value): return value
    case .tensor(let value): throw notConstant(value, expression.range)
    }
  }

  func notConstant(_ value: Value, _ range: SourceRange) -> Failure {
    let info = builder.graph[value]
    return .mistake(
      "not-compile-time",
      "expected a number known at compile time, found tensor '\(info.name)', \(info.type)",
      at: range)
  }

  private func list(_ elements: [ExpressionSyntax]) throws(Failure) -> Attribute {
    var values: [Attribute] = []
    values.reserveCapacity(elements.count)
    for element in elements { values.append(try constant(element)) }
    return .list(values)
  }

  private func exampleOperand(_ syntax: TypeSyntax) throws(Failure) -> Item {
    guard isExample else {
      throw .mistake(
        "type-mismatch", "expected a value, found the type \(syntax.range.text.clipped(to: 60))",
        at: syntax.range)
    }
    let type = try tensorType(syntax)
    builder.range = syntax.range
    return .tensor(builder.input("x\(builder.graph.inputs.count)", type))
  }

  // MARK: Arithmetic

  private func negate(
    _ operand: ExpressionSyntax, _ range: SourceRange, _ names: [String]
  ) throws(Failure) -> Item {
    let item = try item(operand)
    if case .constant(let value) = item {
      return .constant(
        try Self.computed(at: range) { () throws(CompileTime.Mistake) in try CompileTime.negate(value) })
    }
    let argument = Argument(name: nil, item: item, range: operand.range)
    return try callOperator(named: "neg", [argument], range, names).single(at: range)
  }

  private func operate(
    _ first: ExpressionSyntax, _ rest: [OperationSyntax], _ names: [String]
  ) throws(Failure) -> Item {
    var left = Argument(name: nil, item: try item(first), range: first.range)
    for (place, operation) in rest.enumerated() {
      let right = Argument(name: nil, item: try item(operation.right), range: operation.right.range)
      let range = first.range.union(right.range)
      if case .constant(let a) = left.item, case .constant(let b) = right.item {
        left.item = .constant(
          try Self.computed(at: range) { () throws(CompileTime.Mistake) in
            try CompileTime.apply(operation.sign, a, b)
          })
      } else {
        let isLast = place == rest.count - 1
        let results = try callOperator(
          named: operation.sign.rawValue, [left, right], range, isLast ? names : [])
        left.item = try results.single(at: range)
      }
      left.range = range
    }
    return left.item
  }

  // MARK: Chains

  /// What arrives at a stage of a chain.
  struct Flow {
    var items: [Item]
    var range: SourceRange
  }

  private func run(
    _ stages: [StageSyntax], from start: Flow, names: [String]
  ) throws(Failure) -> [Item] {
    var flow = start
    for (place, stage) in stages.enumerated() {
      flow.items = try repeated(stage, flow, names: place == stages.count - 1 ? names : [])
      flow.range = stage.range
    }
    return flow.items
  }

  private func repeated(
    _ stage: StageSyntax, _ start: Flow, names: [String]
  ) throws(Failure) -> [Item] {
    let count = try stage.factor.map { factor throws(Failure) in try repetitionCount(factor) } ?? 1
    if let label = stage.label { try checkDefinable(label, isRepeated: !scope.repetitions.isEmpty) }
    var flow = start
    for repetition in 0..<count {
      if count > 1 { scope.repetitions.append(repetition + 1) }
      defer { if count > 1 { scope.repetitions.removeLast() } }
      if let label = stage.label { try checkFree(fullName(label.text), at: label.range) }
      let wanted = repetition == count - 1 ? names : []
      flow.items = try run(stage, flow, names: stage.label.map { [fullName($0.text)] } ?? wanted)
      flow.range = stage.range
      if let label = stage.label { try bindLabel(label, flow) }
    }
    if let label = stage.label, count != 1 { try bindLabel(label, flow) }
    return flow.items
  }

  /// A label names the value that its stage gives; the counts of repetitions stay part of the name.
  private func bindLabel(_ label: NameSyntax, _ flow: Flow) throws(Failure) {
    bind(label, to: try flow.items.single(at: flow.range))
  }

  private func run(
    _ stage: StageSyntax, _ flow: Flow, names: [String]
  ) throws(Failure) -> [Item] {
    switch stage.body {
    case .call(let call): return try evaluate(call, flow: flow, names: names)
    case .group(let stages):
      try enter(stage.range)
      defer { leave() }
      return try run(stages, from: flow, names: names)
    }
  }

  private func repetitionCount(_ factor: ExpressionSyntax) throws(Failure) -> Int {
    let value = try constant(factor)
    guard let count = CompileTime.integer(value) else {
      throw .mistake(
        "type-mismatch", "expected an integer number of repetitions, found \(value)", at: factor.range)
    }
    guard count >= 0 else {
      throw .mistake(
        "invalid-repetition", "expected a number of repetitions of at least 0, found \(count)",
        at: factor.range)
    }
    guard count <= options.nodeLimit else {
      throw .mistake(
        "invalid-repetition", "expected at most \(options.nodeLimit) repetitions, found \(count)",
        at: factor.range)
    }
    return count
  }
}
