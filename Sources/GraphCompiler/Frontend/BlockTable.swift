import SourceText

/// The blocks of a file and of the prelude, checked for what can be seen without calling them.
struct BlockTable {
  private(set) var diagnostics: [Diagnostic] = []
  private let file: FileSyntax
  private var blocks: [String: Elaborator.Block] = [:]

  init(_ file: FileSyntax) {
    self.file = file
  }

  mutating func checked() -> [String: Elaborator.Block] {
    for definition in Prelude.blocks { add(definition, isPrelude: true) }
    for definition in file.blocks { add(definition, isPrelude: false) }
    for name in file.brokenBlocks.sorted() {
      let range = SourceRange.unknown
      let empty = DefinitionSyntax(name: NameSyntax(text: name, range: range), parameters: [], body: [])
      blocks[name] = Elaborator.Block(definition: empty, names: [:], isBroken: true)
    }
    refuseRecursion()
    return blocks
  }

  private mutating func add(_ definition: DefinitionSyntax, isPrelude: Bool) {
    let name = definition.name
    if let earlier = blocks[name.text], !earlier.isPrelude {
      report(
        "duplicate-name", "block '\(name.text)' is already defined", at: name.range,
        notes: [.init("the first definition is here", at: earlier.definition.name.range)])
      return
    }
    if !isPrelude, blocks[name.text] != nil || OpTable.find(name.text) != nil {
      let kind = blocks[name.text] != nil ? "block of the prelude" : "operator"
      diagnostics.append(
        Diagnostic(
          .warning, "shadowed-name", "block '\(name.text)' hides the \(kind) of that name", at: name.range))
    }
    var block = Elaborator.Block(
      definition: definition, names: definition.body.definedPlaces, isPrelude: isPrelude)
    block.isBroken = !endsInReturn(definition) || hasRepeatedParameter(definition)
    blocks[name.text] = block
  }

  private mutating func endsInReturn(_ definition: DefinitionSyntax) -> Bool {
    let returns = definition.body.indices.filter {
      if case .returning = definition.body[$0].kind { true } else { false }
    }
    if let early = returns.first, early != definition.body.count - 1 {
      report(
        "misplaced-statement", "'return' is the last statement of a block, found more behind it",
        at: definition.body[early].range)
      return false
    }
    if !returns.isEmpty { return true }
    let isIncomplete = definition.body.contains {
      if case .broken = $0.kind { true } else { false }
    }
    if !isIncomplete {
      report(
        "missing-return", "block '\(definition.name.text)' returns nothing", at: definition.name.range,
        help: "end it with 'return value'")
    }
    return false
  }

  private mutating func hasRepeatedParameter(_ definition: DefinitionSyntax) -> Bool {
    var seen: Set<String> = []
    for parameter in definition.parameters where !seen.insert(parameter.name.text).inserted {
      report(
        "duplicate-name", "parameter '\(parameter.name.text)' is already defined", at: parameter.name.range)
      return true
    }
    return false
  }

  // MARK: Recursion

  /// Blocks that reach themselves are reported once, with the way they take.
  private mutating func refuseRecursion() {
    var finished: Set<String> = []
    for definition in file.blocks { visit(definition.name.text, [], &finished) }
  }

  private mutating func visit(_ name: String, _ path: [String], _ finished: inout Set<String>) {
    if let start = path.firstIndex(of: name) {
      let cycle = Array(path[start...])
      guard let first = cycle.first, let block = blocks[first], !block.isBroken else { return }
      let way = (cycle + [first]).map { "'\($0)'" }.joined(separator: " -> ")
      report(
        "recursive-block", "block '\(first)' calls itself: \(way)", at: block.definition.name.range,
        help: "repeat stages with '* n' instead")
      for member in cycle { blocks[member]?.isBroken = true }
      return
    }
    guard !finished.contains(name), path.count < Elaborator.depthLimit, let block = blocks[name] else {
      return
    }
    for callee in block.definition.body.calledNames where blocks[callee] != nil {
      visit(callee, path + [name], &finished)
    }
    finished.insert(name)
  }

  private mutating func report(
    _ id: String, _ message: String, at range: SourceRange, notes: [Diagnostic.Note] = [], help: String? = nil
  ) {
    diagnostics.append(Diagnostic(.error, id, message, at: range, notes: notes, help: help))
  }
}

extension [StatementSyntax] {
  /// Names of everything that the statements call, in the order of the text.
  fileprivate var calledNames: [String] {
    flatMap { statement -> [String] in
      switch statement.kind {
      case .output(_, let value): value?.calledNames ?? []
      case .constant(_, _, let value), .assignment(_, let value), .expression(let value),
        .minimize(let value):
        value.calledNames
      case .returning(let values): values.flatMap(\.calledNames)
      case .train(let statements), .kernel(let statements): statements.calledNames
      case .input, .parameter, .weights, .directive, .freeze, .broken: []
      }
    }
  }
}

extension ExpressionSyntax {
  fileprivate var calledNames: [String] {
    switch kind {
    case .literal, .path, .type: []
    case .list(let elements): elements.flatMap(\.calledNames)
    case .call(let call): call.calledNames
    case .negation(let operand): operand.calledNames
    case .operations(let first, let rest): first.calledNames + rest.flatMap(\.right.calledNames)
    case .chain(let first, let stages): first.calledNames + stages.flatMap(\.calledNames)
    }
  }
}

extension CallSyntax {
  fileprivate var calledNames: [String] { [name.text] + arguments.flatMap(\.value.calledNames) }
}

extension StageSyntax {
  fileprivate var calledNames: [String] {
    switch body {
    case .call(let call): call.calledNames + (factor?.calledNames ?? [])
    case .group(let stages): stages.flatMap(\.calledNames) + (factor?.calledNames ?? [])
    }
  }
}
