import LoopIR
import SourceText

extension Elaborator {
  /// An evaluated argument of a call.
  struct Argument {
    var name: NameSyntax?
    var item: Item
    var range: SourceRange

    var isTensor: Bool {
      if case .tensor = item { true } else { false }
    }
  }

  /// A call, with what flows into it along a chain as its first argument.
  func evaluate(
    _ call: CallSyntax, flow: Flow?, names: [String]
  ) throws(Failure) -> [Item] {
    callCount += 1
    if callCount > 2 * options.nodeLimit {
      throw exhausted(
        "graph-too-large",
        "more than \(2 * options.nodeLimit) calls to evaluate; is a repetition count wrong?",
        at: call.range)
    }
    let name = call.name.text
    guard isCallable(name) else { throw unknownCallee(call.name) }
    var arguments: [Argument] = []
    if let flow {
      arguments.append(
        Argument(name: nil, item: try flow.items.single(at: flow.range), range: call.name.range))
    }
    for argument in call.arguments {
      let item = try item(argument.value)
      arguments.append(Argument(name: argument.name, item: item, range: argument.value.range))
    }
    if let block = blocks[name] { return try callBlock(block, call, arguments, names) }
    if Self.shapeFunctions.contains(name) { return [.constant(try shape(call, arguments))] }
    if CompileTime.functions.contains(name), !arguments.contains(where: \.isTensor) {
      return [.constant(try compute(call, arguments))]
    }
    return try callOperator(named: name, arguments, call.name.range, names)
  }

  private static let shapeFunctions: Set<String> = ["dim", "channels", "rank"]

  private func isCallable(_ name: String) -> Bool {
    blocks[name] != nil || OpTable.find(name) != nil || Self.shapeFunctions.contains(name)
      || CompileTime.functions.contains(name)
  }

  private func unknownCallee(_ name: NameSyntax) -> Failure {
    let shown = name.text.clipped(to: 60)
    if scope.bindings[name.text] != nil {
      return .mistake(
        "unknown-operator", "'\(shown)' is a value, not an operator or block", at: name.range)
    }
    let familiar = [
      "linear": "fc", "dense": "fc", "gemm": "fc", "conv1d": "conv", "conv2d": "conv", "conv3d": "conv",
      "maxpool2d": "maxpool", "avgpool2d": "avgpool", "batchnorm": "batch_norm", "sum": "reduce_sum",
      "mean": "reduce_mean",
    ]
    let known = OpTable.all.map { $0.name } + blocks.keys + Array(Self.shapeFunctions)
    let help = familiar[name.text.lowercased()].map { "did you mean '\($0)'?" }
    return .mistake(
      "unknown-operator", "unknown operator or block '\(shown)'", at: name.range,
      help: help ?? didYouMean(name.text, among: known))
  }

  // MARK: Compile-time functions

  private func compute(_ call: CallSyntax, _ arguments: [Argument]) throws(Failure) -> Attribute {
    var values: [Attribute] = []
    for argument in arguments {
      if let name = argument.name { throw unnamed(call, name) }
      if case .constant(let value) = argument.item { values.append(value) }
    }
    return try Self.computed(at: call.range) { () throws(CompileTime.Mistake) in
      try CompileTime.call(call.name.text, values)
    }
  }

  private func unnamed(_ call: CallSyntax, _ name: NameSyntax) -> Failure {
    .mistake(
      "unknown-argument", "'\(call.name.text)' has no argument '\(name.text.clipped(to: 60))'", at: name.range
    )
  }

  /// `dim(x, axis)`, `channels(x)`, `rank(x)`.
  private func shape(_ call: CallSyntax, _ arguments: [Argument]) throws(Failure) -> Attribute {
    let name = call.name.text
    let wanted = name == "dim" ? 2 : 1
    guard arguments.count == wanted, case .tensor(let value) = arguments[0].item else {
      let usage = name == "dim" ? "dim(x, axis)" : "\(name)(x)"
      throw .mistake("type-mismatch", "expected a tensor, as in '\(usage)'", at: call.range)
    }
    let type = builder.type(of: value)
    var axis = 1
    switch name {
    case "rank": return .int(type.rank)
    case "channels": break
    default:
      if let label = arguments[1].name, label.text != "axis" { throw unnamed(call, label) }
      guard case .constant(let given) = arguments[1].item, let number = CompileTime.integer(given) else {
        throw .mistake("type-mismatch", "expected an integer axis", at: arguments[1].range)
      }
      axis = number < 0 && number >= -type.rank ? number + type.rank : number
    }
    guard type.shape.indices.contains(axis) else {
      throw .mistake(
        "operand-mismatch", "expected a tensor with an axis \(axis), found \(type)", at: arguments[0].range)
    }
    return .int(type.shape[axis])
  }

  // MARK: Blocks

  private func callBlock(
    _ block: Block, _ call: CallSyntax, _ arguments: [Argument], _ names: [String]
  ) throws(Failure) -> [Item] {
    if block.isBroken { throw .poisoned }
    let name = names.first ?? freshName(call.name.text)
    let bound = try bind(arguments, to: block.definition, call)
    try enter(call.range)
    defer { leave() }
    outerScopes.append(scope)
    scope = Scope(block: block, callRange: call.range, prefix: name + ".", explicitNames: block.names)
    defer { scope = outerScopes.removeLast() }
    do throws(Failure) {
      try bindParameters(of: block.definition, to: bound)
      return try runBody(of: block, names.isEmpty ? [name] : names)
    } catch {
      // Reported while the block is still on the stack.
      report(error)
      throw .poisoned
    }
  }

  private func bindParameters(
    of definition: DefinitionSyntax, to arguments: [Argument?]
  ) throws(Failure) {
    for (parameter, argument) in zip(definition.parameters, arguments) {
      if let argument {
        bind(parameter.name, to: argument.item)
      } else if let expression = parameter.defaultValue {
        bind(parameter.name, to: try item(expression))
      }
    }
  }

  private func runBody(of block: Block, _ names: [String]) throws(Failure) -> [Item] {
    let firstNew = builder.graph.values.count
    guard case .returning(let values)? = block.definition.body.last?.kind else {
      preconditionFailure("a block that does not end in 'return' is broken")
    }
    elaborate(block.definition.body.dropLast())
    if isExhausted { throw .poisoned }
    if values.count == 1 {
      let items = try evaluate(values[0], names: names)
      rename(items, to: names, from: firstNew)
      return items
    }
    var items: [Item] = []
    for (place, value) in values.enumerated() {
      let wanted = names.count == values.count ? [names[place]] : []
      items.append(try item(value, names: wanted))
      rename(items.suffix(1), to: wanted, from: firstNew)
    }
    return items
  }

  /// The results of a call carry its name, unless they are older than the call.
  private func rename(_ items: some Collection<Item>, to names: [String], from firstNew: Int) {
    for (item, name) in zip(items, names) {
      guard case .tensor(let value) = item, Int(value.index) >= firstNew,
        builder.graph[value].source == .node, !builder.isNameTaken(name)
      else { continue }
      builder.rename(value, to: name)
    }
  }

  /// The argument of each parameter, nil where the default is meant.
  private func bind(
    _ arguments: [Argument], to definition: DefinitionSyntax, _ call: CallSyntax
  ) throws(Failure) -> [Argument?] {
    let (name, parameters) = (definition.name, definition.parameters)
    let signature = "\(name.text)(\(parameters.map(\.name.text).joined(separator: ", ")))"
    let note = Diagnostic.Note("'\(signature)' is defined here", at: name.range)
    let places = ArgumentPlaces(
      callee: "block '\(name.text)'", signature: signature, parameters: parameters.map(\.name.text),
      notes: name.range.file?.path == Prelude.path ? [] : [note])
    let found = try places.find(arguments.map { ($0.name, $0.range) })
    for (parameter, place) in zip(parameters, found) where place == nil && parameter.defaultValue == nil {
      throw .mistake(
        "missing-argument", "block '\(name.text)' needs '\(parameter.name.text)'", at: call.range,
        notes: places.notes)
    }
    return found.map { place in place.map { arguments[$0] } }
  }
}
