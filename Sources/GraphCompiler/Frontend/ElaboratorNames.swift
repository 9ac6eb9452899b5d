import SourceText

extension Elaborator {
  /// The full name of something named in this scope; in repeated stages the counts follow.
  func fullName(_ name: String) -> String {
    scope.prefix + name + scope.repetitions.map { ".\($0)" }.joined()
  }

  /// `conv1`, or `residual1.conv1` inside of a block: the next number that neither a value nor the text uses.
  func freshName(_ kind: String) -> String {
    let stem = kind.last?.isNumber == true ? "\(kind)_" : kind
    let prefix = scope.prefix
    while true {
      let name = builder.freshName(prefix + stem)
      if scope.explicitNames[String(name.dropFirst(prefix.count))] == nil { return name }
    }
  }

  /// Throws where the name is taken, or cannot be one.
  func checkDefinable(_ name: NameSyntax, isRepeated: Bool = false) throws(Failure) {
    let first = name.text.prefix { $0 != "." }
    if String.reservedNames.contains(String(first)) {
      throw .mistake("reserved-name", "'\(first)' cannot be a name", at: name.range)
    }
    if let earlier = scope.bindings[name.text], !(isRepeated && earlier.range == name.range) {
      throw duplicate(name.text, at: name.range, earlier: earlier.range)
    }
    try checkFree(fullName(name.text), at: name.range)
  }

  func checkFree(_ fullName: String, at range: SourceRange) throws(Failure) {
    guard let earlier = builder.value(named: fullName) else { return }
    throw duplicate(fullName, at: range, earlier: builder.graph[earlier].range)
  }

  private func duplicate(_ name: String, at range: SourceRange, earlier: SourceRange) -> Failure {
    .mistake(
      "duplicate-name", "'\(name)' is already defined", at: range,
      notes: [.init("the first definition is here", at: earlier)])
  }

  func bind(_ name: NameSyntax, to item: Item?) {
    scope.bindings[name.text] = Binding(item: item, range: name.range)
  }

  /// Uses of these names fail silently from now on.
  func poison(_ names: [String], at range: SourceRange) {
    scope.hasFailed = true
    for name in names {
      scope.bindings[name] = Binding(item: nil, range: scope.bindings[name]?.range ?? range)
    }
  }

  /// What a name or path means here.
  func lookUp(_ path: String, at range: SourceRange) throws(Failure) -> Item {
    if let binding = scope.bindings[path] {
      scope.usedNames.insert(path)
      guard let item = binding.item else { throw .poisoned }
      return numberIfWanted(item)
    }
    if let value = builder.value(named: scope.prefix + path) { return numberIfWanted(.tensor(value)) }
    let first = String(path.prefix { $0 != "." })
    if first != path, let binding = scope.bindings[first], binding.item == nil { throw .poisoned }
    switch path {
    case "inf": return .constant(.float(.infinity))
    case "nan": return .constant(.float(.nan))
    default: throw unknown(path, at: range)
    }
  }

  /// Where a compile-time value is wanted, a constant of rank 0 is its number.
  private func numberIfWanted(_ item: Item) -> Item {
    guard readsConstants, case .tensor(let value) = item,
      case .constant(let data) = builder.graph[value].source,
      data.type.rank == 0, let number = data.doubles.first
    else { return item }
    readValues.insert(value)
    if data.type.element == .bool { return .constant(.bool(number != 0)) }
    return .constant(Int(exactly: number).map { .int($0) } ?? .float(number))
  }

  private func unknown(_ path: String, at range: SourceRange) -> Failure {
    let shown = path.clipped(to: 60)
    if let place = scope.explicitNames[path] {
      return .mistake(
        "use-before-definition", "'\(shown)' is used before its definition", at: range,
        notes: [.init("it is defined here", at: place)])
    }
    if scope.hasFailed, isNumbered(path) { return .poisoned }
    var help = didYouMean(path, among: visibleNames)
    if blocks[path] != nil || OpTable.find(path) != nil {
      let kind = blocks[path] != nil ? "a block" : "an operator"
      return .mistake(
        "unknown-name", "'\(shown)' is \(kind), not a value", at: range, help: "call it: '\(path)(x)'")
    }
    if outerScopes.first?.bindings[path] != nil {
      help = "a block sees only its own parameters; pass '\(shown)' as an argument"
    }
    return .mistake("unknown-name", "unknown name '\(shown)'", at: range, help: help)
  }

  /// Whether a failed statement may have been going to number this value: `conv1`, `relu6_2`, `conv1.weight`.
  private func isNumbered(_ path: String) -> Bool {
    let first = path.prefix { $0 != "." }
    var kind = first
    while kind.last?.isNumber == true { kind.removeLast() }
    if kind.last == "_" { kind.removeLast() }
    return kind != first && (blocks[String(kind)] != nil || OpTable.find(String(kind)) != nil)
  }

  private var visibleNames: [String] {
    let prefix = scope.prefix
    let values = builder.graph.values.lazy.map(\.name).filter { $0.hasPrefix(prefix) }
      .map { String($0.dropFirst(prefix.count)) }
    return Array(scope.bindings.keys) + Array(values)
  }
}

extension [StatementSyntax] {
  /// Every name that the statements define, labels inside of chains included.
  var definedNames: [NameSyntax] { flatMap(\.definedNames) }

  /// Where each of these names is defined first.
  var definedPlaces: [String: SourceRange] {
    Dictionary(definedNames.map { ($0.text, $0.range) }, uniquingKeysWith: { first, _ in first })
  }
}

extension StatementSyntax {
  fileprivate var definedNames: [NameSyntax] {
    switch kind {
    case .input(let name, _): [name]
    case .output(let name, let value): value.map { [name] + $0.labels } ?? []
    case .parameter(let name, _, _): [name]
    case .constant(let name, _, _): [name]
    case .weights, .directive, .freeze, .broken: []
    case .train(let statements), .kernel(let statements): statements.definedNames
    case .returning(let values): values.flatMap(\.labels)
    case .assignment(let names, let value): names + value.labels
    case .expression(let value), .minimize(let value): value.labels
    }
  }
}

extension ExpressionSyntax {
  /// Labels of the stages of chains, at any depth.
  var labels: [NameSyntax] {
    switch kind {
    case .literal, .path, .type: []
    case .list(let elements): elements.flatMap(\.labels)
    case .call(let call): call.arguments.flatMap(\.value.labels)
    case .negation(let operand): operand.labels
    case .operations(let first, let rest): first.labels + rest.flatMap(\.right.labels)
    case .chain(let first, let stages): first.labels + stages.flatMap(\.labels)
    }
  }
}

extension StageSyntax {
  fileprivate var labels: [NameSyntax] {
    let own = label.map { [$0] } ?? []
    switch body {
    case .call(let call): return own + call.arguments.flatMap(\.value.labels)
    case .group(let stages): return own + stages.flatMap(\.labels)
    }
  }
}
