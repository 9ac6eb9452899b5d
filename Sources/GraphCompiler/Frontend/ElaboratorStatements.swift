import LoopIR
import SourceText

extension Elaborator {
  /// Elaborates statements one by one; a failed one poisons its names and the next goes on.
  func elaborate(_ statements: [StatementSyntax]) {
    for statement in statements where !isExhausted {
      do throws(Failure) {
        try elaborate(statement)
      } catch {
        report(error)
        poison([statement].definedNames.map(\.text), at: statement.range)
        if case .output(let name, nil) = statement.kind { poison([name.text], at: statement.range) }
      }
    }
  }

  private func elaborate(_ statement: StatementSyntax) throws(Failure) {
    builder.range = statement.range
    switch statement.kind {
    case .input(let name, let type): try elaborateInput(name, type)
    case .output(let name, let value): try elaborateOutput(name, value, statement.range)
    case .parameter(let name, let type, let value): try elaborateParameter(name, type, value, statement.range)
    case .constant(let name, let type, let value): try elaborateConstant(name, type, value)
    case .weights(let path):
      if weights != nil {
        throw .mistake("duplicate-statement", "expected one weights file, found another", at: statement.range)
      }
      weights = (path, statement.range)
    case .train(let body): try elaborateTrain(body, statement.range)
    case .kernel(let body): elaborateKernel(body)
    case .returning: preconditionFailure("'return' is taken from the end of its block")
    case .assignment(let names, let value): try elaborateAssignment(names, value)
    case .expression(let value): try elaborateExpression(value)
    case .minimize(let value): try elaborateMinimize(value)
    case .directive(let kind, let call): try elaborateDirective(kind, call, statement.range)
    case .freeze(let paths): elaborateFreeze(paths, statement.range)
    case .broken(let names): poison(names, at: statement.range)
    }
  }

  private func elaborateInput(_ name: NameSyntax, _ type: TypeSyntax) throws(Failure) {
    try checkDefinable(name)
    let type = try tensorType(type)
    builder.range = name.range
    bind(name, to: .tensor(builder.input(fullName(name.text), type)))
  }

  private func elaborateOutput(
    _ name: NameSyntax, _ expression: ExpressionSyntax?, _ range: SourceRange
  ) throws(Failure) {
    if let earlier = outputRanges.updateValue(name.range, forKey: name.text) {
      throw .mistake(
        "duplicate-name", "output '\(name.text)' is already defined", at: name.range,
        notes: [.init("the first definition is here", at: earlier)])
    }
    guard let expression else {
      let value = try lookUp(name.text, at: name.range).tensor(at: name.range)
      return builder.output(name.text, value)
    }
    try elaborateAssignment([name], expression)
    guard let item = scope.bindings[name.text]?.item else { throw .poisoned }
    builder.output(name.text, try item.tensor(at: expression.range))
  }

  private func elaborateAssignment(
    _ names: [NameSyntax], _ expression: ExpressionSyntax
  ) throws(Failure) {
    for name in names { try checkDefinable(name) }
    if let repeated = names.indices.first(where: { place in
      names[..<place].contains { $0.text == names[place].text }
    }) {
      throw .mistake("duplicate-name", "'\(names[repeated].text)' is named twice", at: names[repeated].range)
    }
    let items = try evaluate(expression, names: names.map { fullName($0.text) })
    guard items.count == names.count else {
      let found = items.count == 1 ? "one result" : "\(items.count) results"
      throw .mistake(
        "result-count", "expected a name for each of the results, found \(names.count) for \(found)",
        at: names[0].range.union(names[names.count - 1].range))
    }
    for (name, item) in zip(names, items) { bind(name, to: item) }
  }

  private func elaborateExpression(_ expression: ExpressionSyntax) throws(Failure) {
    let items = try evaluate(expression)
    if case .constant? = items.first {
      report(
        Diagnostic(
          .warning, "unused-value", "the value of this statement is not used", at: expression.range,
          help: "give it a name: 'name = …'"))
    }
  }

  private func elaborateKernel(_ body: [StatementSyntax]) {
    builder.group = kernelCount
    kernelCount += 1
    elaborate(body)
    builder.group = nil
  }

  func bindGraphParameters(_ graph: DefinitionSyntax) {
    let known = graph.parameters.map(\.name.text)
    for name in options.settings.keys.sorted() where !known.contains(name) {
      let list = known.isEmpty ? "it has none" : "it has \(known.map { "'\($0)'" }.joined(separator: ", "))"
      report(
        Diagnostic(
          .error, "unknown-setting", "graph '\(graph.name.text)' has no parameter '\(name)'",
          at: graph.name.range,
          help: didYouMean(name, among: known) ?? list))
    }
    for parameter in graph.parameters {
      do throws(Failure) {
        try checkDefinable(parameter.name)
        bind(parameter.name, to: .constant(try value(of: parameter)))
      } catch {
        report(error)
        poison([parameter.name.text], at: parameter.name.range)
      }
    }
  }

  private func value(of parameter: DefinitionSyntax.Parameter) throws(Failure) -> Attribute {
    if let setting = options.settings[parameter.name.text] { return .int(setting) }
    if let expression = parameter.defaultValue { return try constant(expression) }
    let name = parameter.name.text
    throw .mistake(
      "missing-setting", "graph parameter '\(name)' has no default", at: parameter.name.range,
      help: "give it a default, or a value with '--set \(name)=1'")
  }

  func warnOfUnusedParameters(_ graph: DefinitionSyntax) {
    for parameter in graph.parameters where !scope.usedNames.contains(parameter.name.text) {
      report(
        Diagnostic(
          .warning, "unused-value", "graph parameter '\(parameter.name.text)' is never used",
          at: parameter.name.range))
    }
  }
}
