/// Clauses 6 to 8 of the contract: kernels, outputs, training.
extension GraphCheck {
  mutating func checkKernels() {
    var closed: Set<Int> = []
    for nodes in [graph.nodes, trainNodes] {
      var open: Int?
      for node in nodes where node.group != open {
        if let open { closed.insert(open) }
        open = node.group
        if let group = node.group, closed.contains(group) {
          let next = node.results.first.map { name($0) } ?? "a node"
          add("kernel \(group) is torn apart by others before \(next)")
        }
      }
      if let open { closed.insert(open) }
    }
  }

  mutating func checkOutputs() {
    if graph.outputs.isEmpty { add("the graph has no output") }
    var values: [String: Value] = [:]
    for value in graph.inputs + graph.parameters + graph.constants + graph.nodes.flatMap(\.results) {
      values[graph[value].name] = value
    }
    let ofTraining = Set((graph.train?.inputs ?? []) + trainNodes.flatMap(\.results))
    var names: Set<String> = []
    for output in graph.outputs {
      if !names.insert(output.name).inserted { add("two outputs are named '\(output.name)'") }
      if !output.name.isValuePath { add("the output name '\(output.name)' is not a path") }
      if let value = values[output.name], value != output.value {
        add("output '\(output.name)' is \(name(output.value)), although a value has that name")
      }
      if ofTraining.contains(output.value) { add("output '\(output.name)' comes from the train section") }
    }
  }

  mutating func checkTraining() {
    guard let train = graph.train else { return }
    if let loss = train.loss {
      let type = graph.type(of: loss)
      if type.rank != 0 || !type.element.isFloatingPoint {
        add("the loss \(name(loss)) is \(type), not a single floating-point number")
      }
    } else {
      add("the train section has no loss")
    }
    for kind in [TrainDirective.Kind.with, .schedule, .clip, .accumulate]
    where train.directives.count(where: { $0.kind == kind }) > 1 {
      add("the train section has several '\(kind.rawValue)'")
    }
    for directive in train.directives {
      do {
        try directive.check()
      } catch {
        for mistake in error.diagnostics { add("in '\(directive.kind.rawValue)', \(mistake.message)") }
      }
    }
    let names = graph.parameters.map { graph[$0].name }
    for directive in train.directives where directive.kind == .freeze {
      for path in directive.names where !names.contains(where: { TrainDirective.freezes(path, $0) }) {
        add("'\(path)' is frozen, but no parameter is called so")
      }
    }
  }
}

extension String {
  /// Words that expressions read as something else.
  static let reservedNames: Set<String> = ["true", "false", "return"]

  /// A word: letters, digits and underscores, no digit first.
  var isGraphName: Bool {
    guard let first = utf8.first, first.isWordByte, !(0x30...0x39).contains(first) else { return false }
    return utf8.allSatisfy(\.isWordByte)
  }

  /// Words and numbers joined by dots, a word first.
  var isValuePath: Bool {
    let parts = split(separator: ".", omittingEmptySubsequences: false)
    guard let first = parts.first, String(first).isGraphName, !Self.reservedNames.contains(String(first))
    else {
      return false
    }
    return parts.dropFirst().allSatisfy { part in
      String(part).isGraphName
        || (1...18).contains(part.count) && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
  }
}

extension UInt8 {
  fileprivate var isWordByte: Bool {
    (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
      || self == 0x5F
  }
}
