import SourceText

extension Elaborator {
  func elaborateTrain(_ body: [StatementSyntax], _ range: SourceRange) throws(Failure) {
    if builder.graph.train != nil {
      throw .mistake("duplicate-statement", "expected one train section, found another", at: range)
    }
    builder.beginTrainSection()
    defer { builder.isTraining = false }
    elaborate(body)
    let isBroken = body.contains {
      if case .broken = $0.kind { true } else { false }
    }
    let hasLoss = body.contains {
      if case .minimize = $0.kind { true } else { false }
    }
    if !isBroken, !hasLoss {
      throw .mistake(
        "missing-loss", "the train section minimizes nothing", at: range, help: "add 'minimize loss'")
    }
  }

  func elaborateMinimize(_ expression: ExpressionSyntax) throws(Failure) {
    if let earlier = builder.graph.train?.loss {
      throw .mistake(
        "duplicate-statement", "expected one 'minimize', found another", at: expression.range,
        notes: [.init("the loss is this value", at: builder.graph[earlier].range)],
        help: "minimize the sum of the losses")
    }
    let isFree = !builder.isNameTaken("loss") && scope.explicitNames["loss"] == nil
    let loss = try item(expression, names: isFree ? ["loss"] : []).tensor(at: expression.range)
    let type = builder.type(of: loss)
    guard type.rank == 0, type.element.isFloatingPoint else {
      throw .mistake(
        "operand-mismatch", "expected a single floating-point number as the loss, found \(type)",
        at: expression.range,
        help: "reduce it: 'reduce_mean(x, keep: false)'")
    }
    builder.updateTrainSection { $0.loss = loss }
  }

  func elaborateDirective(
    _ kind: TrainDirective.Kind, _ call: CallSyntax, _ range: SourceRange
  ) throws(Failure) {
    var arguments: [TrainDirective.Argument] = []
    for argument in call.arguments {
      let value = try constant(argument.value)
      if value.holdsNaN {
        throw .mistake("type-mismatch", "expected a number, found nan", at: argument.range)
      }
      arguments.append(
        .init(
          name: argument.name?.text, value: value, range: argument.range,
          nameRange: argument.name?.range ?? argument.range))
    }
    let directive = TrainDirective(
      kind: kind, names: [call.name.text], arguments: arguments, range: range, nameRange: call.name.range)
    let repeats = builder.graph.train?.directives.contains { $0.kind == kind } ?? false
    if repeats, kind != .augment {
      throw .mistake("duplicate-statement", "expected one '\(kind.rawValue)', found another", at: range)
    }
    do {
      try directive.check()
    } catch {
      for mistake in error.diagnostics { report(mistake) }
      throw .poisoned
    }
    builder.updateTrainSection { $0.directives.append(directive) }
  }

  /// The paths are checked at the end, when all parameters are known.
  func elaborateFreeze(_ paths: [NameSyntax], _ range: SourceRange) {
    freezes += paths
    let directive = TrainDirective(kind: .freeze, names: paths.map(\.text), arguments: [], range: range)
    builder.updateTrainSection { $0.directives.append(directive) }
  }

  func checkFreezes() {
    let names = builder.graph.parameters.map { builder.graph[$0].name }
    for path in freezes where !names.contains(where: { TrainDirective.freezes(path.text, $0) }) {
      let first = String(path.text.prefix { $0 != "." })
      if let binding = scope.bindings[first], binding.item == nil { continue }
      report(
        Diagnostic(
          .error, "unknown-name", "no parameter is called '\(path.text.clipped(to: 60))'", at: path.range,
          help: didYouMean(path.text, among: names)))
    }
  }

  /// At the end, when the inputs are known.
  func checkAugmentation() {
    do throws(CompileError) {
      _ = try Augmentation(builder.graph)
    } catch {
      for mistake in error.diagnostics { report(mistake) }
    }
  }
}
