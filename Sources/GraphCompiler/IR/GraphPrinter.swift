import LoopIR
import SourceText

extension Graph {
  /// The graph in the `.graph` language with everything written out; `GraphParser` reads it back.
  package var text: String { GraphPrinter(self).text() }

  /// The tensors that the text names by `data("…")` because they are long, for `GraphParser.Options`.
  package var blobs: [String: TensorData] {
    var blobs: [String: TensorData] = [:]
    for value in parameters + constants {
      guard let data = self[value].data, data.type.count > GraphPrinter.literalLimit else { continue }
      blobs[data.key] = data
    }
    return blobs
  }
}

/// Canonical text: inputs, parameters, constants, nodes in execution order, outputs, train section.
/// Attributes that equal their defaults are left out.
struct GraphPrinter {
  /// Longer tensors are named by a hash of their elements.
  static let literalLimit = 64

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
    case .parameter(.data(let data)), .constant(let data): return "\(start) = \(Self.literal(data))"
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

  // MARK: Elements

  private static func literal(_ data: TensorData) -> String {
    if data.type.count > literalLimit { return "data(\"\(data.key)\")" }
    return nested(data.literals[...], data.type.shape[...])
  }

  private static func nested(_ elements: ArraySlice<String>, _ shape: ArraySlice<Int>) -> String {
    guard let count = shape.first else { return elements.first ?? "" }
    if count == 0 { return "[]" }
    let stride = elements.count / count
    let rows = (0..<count).map { row in
      let start = elements.startIndex + row * stride
      return nested(elements[start..<start + stride], shape.dropFirst())
    }
    return "[\(rows.joined(separator: ", "))]"
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

extension TensorData {
  /// Every element as text that reads back to the same element.
  fileprivate var literals: [String] {
    switch storage {
    case .f32(let values): values.map(Self.text)
    case .f64(let values): values.map(Attribute.text)
    case .integers(let values):
      type.element == .bool
        ? values.map { $0 == 0 ? "false" : "true" } : values.map { Attribute.text(of: Int($0)) }
    }
  }

  /// The short decimal form, unless its way through double precision ends elsewhere.
  private static func text(_ value: Float) -> String {
    let short = "\(value)"
    return Double(short).map(Float.init) == value || value.isNaN ? short : Attribute.text(of: Double(value))
  }

  /// 16 hexadecimal digits that depend on type and elements (FNV-1a, 64 bits).
  fileprivate var key: String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ word: UInt64) {
      for shift in stride(from: 0, to: 64, by: 8) {
        hash = (hash ^ (word >> UInt64(shift) & 0xFF)) &* 0x100_0000_01B3
      }
    }
    for byte in type.description.utf8 { add(UInt64(byte)) }
    switch storage {
    case .f32(let values): for value in values { add(UInt64(value.bitPattern)) }
    case .f64(let values): for value in values { add(value.bitPattern) }
    case .integers(let values): for value in values { add(UInt64(bitPattern: value)) }
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
