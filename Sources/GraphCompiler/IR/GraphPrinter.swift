import LoopIR
import SourceText

extension Graph {
  /// The graph in the `.graph` language with everything written out; `GraphParser` reads it back.
  package var text: String { GraphPrinter(self).text() }

  /// The tensors that the text names by `data("…")` because they are long, for `GraphParser.Options`.
  package var blobs: [String: TensorData] {
    TensorData.blobs((parameters + constants).compactMap { self[$0].data })
  }
}

/// Canonical text: inputs, parameters, constants, nodes in execution order, outputs, train section.
/// Attributes that equal their defaults are left out.
struct GraphPrinter {
  private let graph: Graph

  init(_ graph: Graph) { self.graph = graph }

  func text() -> String {
    var writer = TextWriter()
    writer.block("graph \(graph.name) {") { writer in
      for input in graph.inputs { writer.line(declaration("input", input)) }
      writer.blank()
      for parameter in graph.parameters { writer.line(definition("param", parameter)) }
      writer.blank()
      for constant in graph.constants { writer.line(definition("const", constant)) }
      writer.blank()
      write(graph.nodes, &writer)
      writer.blank()
      for output in graph.outputs { writer.line(line(output)) }
      if let train = graph.train {
        writer.blank()
        writer.block("train {") { writer in write(train, &writer) }
      }
    }
    return writer.text
  }

  private func declaration(_ keyword: String, _ value: Value) -> String {
    "\(keyword) \(graph[value].name): \(graph[value].type)"
  }

  private func definition(_ keyword: String, _ value: Value) -> String {
    let start = declaration(keyword, value)
    switch graph[value].source {
    case .parameter(.initializer(let initializer)): return "\(start) = \(initializer)"
    case .parameter(.data(let data)), .constant(let data): return "\(start) = \(data.literal)"
    case .input, .node: return start
    }
  }

  private func line(_ output: Graph.Output) -> String {
    let name = graph[output.value].name
    return name == output.name ? "output \(name)" : "output \(output.name) = \(name)"
  }

  /// Nodes of one group that stand together share a `kernel { … }`.
  private func write(_ nodes: [Node], _ writer: inout TextWriter) {
    var place = 0
    while place < nodes.count {
      guard let group = nodes[place].group else {
        writer.line(line(nodes[place]))
        place += 1
        continue
      }
      let end = nodes[place...].firstIndex { $0.group != group } ?? nodes.count
      writer.block("kernel {") { writer in
        writer.lines(nodes[place..<end].map(line))
      }
      place = end
    }
  }

  private func line(_ node: Node) -> String {
    let results = node.results.map { graph[$0].name }.joined(separator: ", ")
    let operands = node.operands.map { graph[$0].name }
    let attributes = node.op.writtenAttributes(graph.types(of: node.operands)).map {
      "\($0.name): \($0.value)"
    }
    return "\(results) = \(type(of: node.op).name)(\((operands + attributes).joined(separator: ", ")))"
  }

  private func write(_ train: TrainSection, _ writer: inout TextWriter) {
    for input in train.inputs { writer.line(declaration("input", input)) }
    write(train.nodes, &writer)
    if let loss = train.loss { writer.line("minimize \(graph[loss].name)") }
    for directive in train.directives { writer.line(line(directive)) }
  }

  private func line(_ directive: TrainDirective) -> String {
    let names = directive.names.joined(separator: ", ")
    if directive.kind == .freeze { return "freeze \(names)" }
    let arguments = directive.arguments.map { argument in
      argument.name.map { "\($0): \(argument.value)" } ?? argument.value.description
    }
    return "\(directive.kind.rawValue) \(names)(\(arguments.joined(separator: ", ")))"
  }
}

extension ValueInfo {
  /// The elements, where they are known.
  package var data: TensorData? {
    switch source {
    case .constant(let data), .parameter(.data(let data)): data
    case .input, .node, .parameter(.initializer): nil
    }
  }
}
