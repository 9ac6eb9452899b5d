import LoopIR
import SourceText

/// A graph as a person would write it: chains, layers that make their own parameters, repetition, names that
/// tell.
///
/// What the text says of names and order is what reading it gives (`ReadableGraph`), so nothing here has to
/// foresee how values that the text leaves unnamed will be numbered.
struct GraphScript {
  let graph: Graph
  /// Names of values in the model that the graph was read from.
  let hints: ExternalNames
  /// Whether every node is written out under its own name.
  let isPlain: Bool
  /// The nodes in the order of the text.
  var nodes: [Node] { segments.segments.flatMap { $0 } }
  /// Parameters and constants with a line of their own.
  private(set) var declared: [Value] = []

  private let segments: ScriptSegments
  private var taken = NamePool()
  /// What the text calls a value.
  private var names: [Value: String] = [:]
  /// Constants that stand as numbers where they are used.
  private var numbers: [Value: String] = [:]
  /// By the value that a layer gives.
  private var layers: [Value: [(name: String, value: Attribute)]] = [:]
  private var labels: [Value: String] = [:]
  /// The first output of each value.
  private var outputNames: [Value: String] = [:]
  private var counters: [String: Int] = [:]

  init(_ graph: Graph, hints: ExternalNames, isPlain: Bool = false) {
    self.graph = graph
    self.hints = hints
    self.isPlain = isPlain
    segments = ScriptSegments(graph, isPlain: isPlain)
    if !isPlain {
      findLayers()
      findNumbers()
    }
    let implied = Set(
      nodes.filter { layers[$0.results[0]] != nil }.flatMap { $0.operands.dropFirst(given($0)) })
    declared = (graph.parameters + graph.constants).filter { !implied.contains($0) && numbers[$0] == nil }
    nameEverything()
  }

  private func given(_ node: Node) -> Int {
    (type(of: node.op) as? any LayerOp.Type)?.givenCount ?? node.operands.count
  }

  // MARK: Forms

  private mutating func findLayers() {
    for node in nodes {
      let made = node.operands.dropFirst(given(node))
      let isOwn = made.allSatisfy { value in
        if case .parameter = graph[value].source { segments.isUsedOnce(value) } else { false }
      }
      guard isOwn, let arguments = LayerForm.arguments(node.op, graph.types(of: node.operands)) else {
        continue
      }
      layers[node.results[0]] = arguments
    }
  }

  /// Constants of rank 0 that are used once, where a number means the same.
  private mutating func findNumbers() {
    for node in nodes where !(node.op is any LayerOp) {
      let computed = graph.types(of: ScriptSegments.computed(node, graph))
      if computed.isEmpty { continue }
      // Tensors decide about the type of the numbers beside them.
      let element = computed.map(\.element).first { $0 != .bool } ?? .f32
      let required = type(of: node.op).operands.count { $0.count == .one }
      for (place, value) in node.operands.enumerated() where place < required {
        guard case .constant(let data) = graph[value].source, segments.isUsedOnce(value),
          data.type.rank == 0, data.type.element == element || data.type.element == .bool,
          let number = data.doubles.first, number.isFinite
        else { continue }
        let text = data.literal
        let isWhole = text.hasSuffix(".0") && text != "-0.0"
        if !text.contains(" ") { numbers[value] = isWhole ? String(text.dropLast(2)) : text }
      }
    }
  }

  // MARK: Names

  private mutating func nameEverything() {
    for input in graph.inputs { claim(input, graph[input].name) }
    for output in graph.outputs {
      taken.insert(output.name)
      if outputNames[output.value] == nil { outputNames[output.value] = output.name }
    }
    for value in declared {
      claim(
        value, isPlain ? graph[value].name : graph[value].name.split(separator: ".").joined(separator: "_"))
    }
    if !isPlain { findLabels() }
    for segment in segments.segments {
      for node in segment.dropLast() where labels[node.results[0]] == nil { count(node) }
      if let node = segment.last { name(node) }
    }
  }

  private mutating func claim(_ value: Value, _ name: String) { names[value] = taken.claim(name) }

  /// Layers are called after their parameters, unless a run of equal ones shows that numbers do.
  private mutating func findLabels() {
    var wanted: [(node: Node, label: String)] = []
    for node in nodes where layers[node.results[0]] != nil {
      let made = node.operands.dropFirst(given(node))
      let label = made.compactMap { ReadableName.layer(ofParameter: hints.outside(graph[$0].name)) }.first
      if let label, !taken.contains(label) { wanted.append((node, label)) }
    }
    let numbered = Set(
      segments.segments.flatMap { segment in
        Repetition.found(in: stages(segment)).filter { if case .repeated = $0 { true } else { false } }
          .flatMap(\.stages).map(\.kind)
      })
    let kept = wanted.filter { !numbered.contains(type(of: $0.node.op).name) && taken.insert($0.label) }
    labels = Dictionary(kept.map { ($0.node.results[0], $0.label) }, uniquingKeysWith: { first, _ in first })
    dropCountedLabels()
  }

  /// Drops the labels inside of statements that numbering gives as well.
  private mutating func dropCountedLabels() {
    var numbers: [String: Int] = [:]
    for segment in segments.segments {
      for (place, node) in segment.enumerated() {
        let value = node.results[0]
        let kind = type(of: node.op).name
        let next = Self.numbered(kind, numbers[kind, default: 0] + 1)
        let isLast = place == segment.count - 1
        let name = labels[value] ?? (isLast ? ownName(value) : nil)
        if name == nil || name == next { numbers[kind, default: 0] += 1 }
        if name == next, !isLast { labels[value] = nil }
      }
    }
  }

  /// What an output or the model calls the value.
  private func ownName(_ value: Value) -> String? {
    outputNames[value] ?? ReadableName.value(hints.outside(graph[value].name))
  }

  private static func numbered(_ kind: String, _ number: Int) -> String {
    kind.last?.isNumber == true ? "\(kind)_\(number)" : "\(kind)\(number)"
  }

  @discardableResult
  private mutating func count(_ node: Node) -> String {
    let kind = type(of: node.op).name
    counters[kind, default: 0] += 1
    return Self.numbered(kind, counters[kind, default: 1])
  }

  /// The name of a statement's results: that of the output, of the layer, of the model, or the next number.
  private mutating func name(_ node: Node) {
    for value in node.results {
      if let label = labels[value] {
        names[value] = label
      } else if isPlain {
        names[value] = graph[value].name
      } else if let name = outputNames[value] {
        names[value] = name
      } else {
        claim(value, ownName(value) ?? count(node))
      }
    }
  }

  // MARK: Text

  /// - Parameter weights: the file that has the elements, named as the text should.
  func text(weights: String?) -> String {
    var writer = TextWriter()
    writer.block("graph \(graph.name) {") { writer in
      for input in graph.inputs { writer.line("input \(name(input)): \(graph[input].type)") }
      if let weights { writer.line("weights \(Attribute.string(weights))") }
      writer.blank()
      for value in declared { writer.line(declaration(value)) }
      writer.blank()
      writeStatements(&writer)
    }
    return writer.text
  }

  private func name(_ value: Value) -> String { names[value] ?? graph[value].name }

  private func declaration(_ value: Value) -> String {
    let start = "\(name(value)): \(graph[value].type)"
    guard case .constant(let data) = graph[value].source else { return "param \(start)" }
    return "const \(start) = \(isStored(value) ? "data(\"\(name(value))\")" : data.literal)"
  }

  /// Whether the elements are in the weights file rather than in the text.
  private func isStored(_ value: Value) -> Bool {
    if case .constant(let data) = graph[value].source { return data.isNamedByHash }
    return true
  }

  /// The tensors behind `data("…")`.
  var blobs: [String: TensorData] {
    let pairs = declared.filter(isStored).compactMap { value -> (String, TensorData)? in
      if case .constant(let data) = graph[value].source { (name(value), data) } else { nil }
    }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }

  private func writeStatements(_ writer: inout TextWriter) {
    var outputs = graph.outputs[...]
    for segment in segments.segments {
      let results = segment[segment.count - 1].results
      var opening = "\(results.map(name).joined(separator: ", ")) = "
      // An output is declared where it is computed, if it is its turn.
      if !isPlain, results.count == 1, let output = outputs.first, output.value == results[0] {
        opening = "output \(output.name) = "
        outputs = outputs.dropFirst()
      }
      let items = items(segment, isOutput: opening.hasPrefix("output"))
      for line in ScriptLayout.lines(opening, start(segment), items) { writer.line(line) }
    }
    for output in outputs {
      let value = name(output.value)
      writer.line(value == output.name ? "output \(value)" : "output \(output.name) = \(value)")
    }
  }

  /// What flows into the first arrow: a value, or an expression of several.
  private func start(_ segment: [Node]) -> String {
    startsWithExpression(segment) ? call(segment[0]).expression : operand(segment[0].operands[0])
  }

  private func startsWithExpression(_ segment: [Node]) -> Bool {
    let node = segment[0]
    let computed = ScriptSegments.computed(node, graph)
    if isPlain || node.results.count > 1 || computed.count != 1 || node.operands.first != computed[0] {
      return true
    }
    return CallText.signs[type(of: node.op).name] != nil
  }

  private func items(_ segment: [Node], isOutput: Bool) -> [String] {
    var stages = stages(segment)
    // The last one is called as the statement is, unless that is an output of another name.
    if !stages.isEmpty, let value = segment.last?.results.first, let label = labels[value], isOutput {
      stages[stages.count - 1].label = label
    }
    return isPlain ? [] : Repetition.found(in: stages).map(\.text)
  }

  private func stages(_ segment: [Node]) -> [ScriptStage] {
    let rest = startsWithExpression(segment) ? segment.dropFirst() : segment[...]
    return rest.map { node in
      let isLast = node.results == segment[segment.count - 1].results
      return ScriptStage(
        label: isLast ? nil : labels[node.results[0]], call: call(node).stage, kind: type(of: node.op).name,
        isLayer: layers[node.results[0]] != nil)
    }
  }

  private func operand(_ value: Value) -> String { numbers[value] ?? name(value) }

  private func call(_ node: Node) -> CallText {
    let layer = layers[node.results[0]]
    let operands = layer == nil ? node.operands[...] : node.operands.prefix(given(node))
    return CallText(node.op, graph.types(of: node.operands), operands.map(operand), layer: layer)
  }
}
