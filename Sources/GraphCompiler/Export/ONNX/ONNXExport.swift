import LoopIR
import SourceText
import TensorFiles

/// A graph as an ONNX model: the inverse of `ONNXImport`, from the same table of operators.
///
/// Operators that ONNX does not have are written as their bodies; what only training needs is left out.
package struct ONNXExport: Sendable {
  /// Protocol buffers end here, and with them what readers take.
  private static let byteLimit = 1 << 31 - 1

  private struct Initializer: Sendable {
    var head: [UInt8]
    var elements: ParameterElements
    var byteCount: Int { head.count + elements.type.byteCount }
  }

  /// The model around the graph, then the graph around its initializers.
  private let modelHead: [UInt8]
  private let graphHead: [UInt8]
  private let initializers: [Initializer]

  /// - Parameter names: what inputs and outputs are called outside.
  /// - Throws: every operator that ONNX has no word for, and files that would be too large.
  package init(_ source: Graph, names: ExternalNames = ExternalNames()) throws(CompileError) {
    try self.init(writing: Self.writable(dropTraining(source)), names, isTraining: false)
  }

  /// A function of training: `train_step` or `backward`. Parameters and what the optimizer keeps are inputs with initial
  /// values; the new elements of `x` are the output `x.next`.
  package init(_ function: TrainingPlan.Function, names: ExternalNames = ExternalNames()) throws(CompileError)
  {
    try self.init(
      writing: Self.writable(eliminateCommonSubexpressions(function.graph)), names, isTraining: true)
  }

  private init(writing graph: Graph, _ names: ExternalNames, isTraining: Bool) throws(CompileError) {
    let exporter = GraphExporter(graph, names, isTraining: isTraining)
    try exporter.writeNodes()
    initializers = exporter.initializers.map { name, elements in
      var tensor = ONNXModelWriter.tensorHead(name, elements.type)
      let length = tensor.bytes.count + elements.type.byteCount
      var field = WireWriter()
      field.length(5, length)
      tensor = field.followed(by: tensor)
      return Initializer(head: tensor.bytes, elements: elements)
    }
    graphHead = exporter.graphHead.bytes
    let total = initializers.reduce(graphHead.count) { $0 + $1.byteCount }
    var head = exporter.modelHead
    head.length(7, total)
    modelHead = head.bytes
    guard total + modelHead.count <= Self.byteLimit else {
      throw CompileError(
        "too-large", "the model takes \(total) bytes, an ONNX file has at most \(Self.byteLimit)",
        at: .unknown,
        kind: .unsupported, help: "make the network smaller with '--set'")
    }
  }

  package func write(to sink: FileSink) throws(TensorFileError) {
    try sink.write(modelHead)
    try sink.write(graphHead)
    for initializer in initializers {
      try sink.write(initializer.head)
      let count = initializer.elements.type.count
      for start in stride(from: 0, to: count, by: 1 << 20) {
        let places = start..<min(count, start + 1 << 20)
        try sink.write(initializer.elements.withBytes(of: places) { Array($0) })
      }
    }
  }

  /// The bytes of the whole file, for tests.
  package var bytes: [UInt8] {
    modelHead + graphHead
      + initializers.flatMap { initializer in
        initializer.head
          + initializer.elements.withBytes(of: 0..<initializer.elements.type.count) { Array($0) }
      }
  }

  /// The graph with those composites expanded that ONNX has no operator for.
  private static func writable(_ graph: Graph) throws(CompileError) -> Graph {
    try eliminateDeadNodes(graph).expandingComposites { node, graph in
      !GraphExporter.canWrite(node, in: graph)
    }
    .renumbered
  }
}

extension WireWriter {
  fileprivate func followed(by other: WireWriter) -> WireWriter {
    var result = self
    result.append(other)
    return result
  }
}

/// Writes the nodes of a graph one by one. All that ONNX has no word for is collected before anything is
/// refused.
private struct GraphExporter {
  let graph: Graph
  /// Whether parameters change, so that they are inputs too.
  private let isTraining: Bool
  private let model: ONNXModelWriter
  private var names: [Value: String] = [:]
  private var outputNames: [String] = []

  init(_ graph: Graph, _ external: ExternalNames, isTraining: Bool) {
    self.graph = graph
    self.isTraining = isTraining
    var taken = NamePool()
    outputNames = graph.outputs.map { taken.claim(external.outside($0.name)) }
    for value in graph.inputs { names[value] = taken.claim(external.outside(graph[value].name)) }
    let computed = Set(graph.nodes.flatMap(\.results))
    for (output, name) in zip(graph.outputs, outputNames) where computed.contains(output.value) {
      if names[output.value] == nil { names[output.value] = name }
    }
    for value in graph.parameters + graph.constants + graph.nodes.flatMap(\.results) where names[value] == nil
    {
      names[value] = taken.claim(graph[value].name)
    }
    model = ONNXModelWriter(names: taken)
  }

  /// Whether a node is one or several of ONNX.
  static func canWrite(_ node: Node, in graph: Graph) -> Bool {
    let call = ONNXWriting(node, in: graph, [:], ONNXModelWriter(names: NamePool()))
    return (try? node.op.writeONNX(call)) ?? false
  }

  func writeNodes() throws(CompileError) {
    var refused: [Diagnostic] = []
    var reported: Set<String> = []
    for node in graph.nodes {
      let name = type(of: node.op).name
      do throws(OpError) {
        let call = ONNXWriting(node, in: graph, names, model)
        if try node.op.writeONNX(call) { continue }
        if let primitive = node.op as? any PrimitiveOp, ONNXEquation.write(primitive, call) { continue }
        if reported.insert(name).inserted {
          refused.append(
            Diagnostic(
              .error, "unsupported-operator", "operator '\(name)' has no counterpart in ONNX", at: node.range,
              kind: .unsupported,
              help: "nor can its equation be written: it takes random numbers, or its positions are data"))
        }
      } catch {
        let message = "operator '\(name)' cannot be written as ONNX: \(error.message)"
        refused.append(
          Diagnostic(
            .error, "unsupported-operator", message, at: node.range, kind: .unsupported, help: error.help))
      }
    }
    if let error = CompileError(refused) { throw error }
    for (output, name) in zip(graph.outputs, outputNames) where names[output.value] != name {
      model.append("Identity", [names[output.value]], [name], [], since: 1)
    }
  }

  var modelHead: WireWriter {
    var head = WireWriter()
    head.int(1, model.formatVersion)
    head.string(2, "graphc")
    head.message(8) { opset in
      opset.string(1, "")
      opset.int(2, model.version)
    }
    return head
  }

  /// All of the graph but its initializers.
  var graphHead: WireWriter {
    var head = WireWriter()
    for node in model.nodes { head.message(1, node) }
    head.string(2, graph.name)
    for value in graph.inputs + (isTraining ? graph.parameters : []) {
      head.message(11, ONNXModelWriter.valueInfo(name(value), graph.type(of: value)))
    }
    for (output, name) in zip(graph.outputs, outputNames) {
      head.message(12, ONNXModelWriter.valueInfo(name, graph.type(of: output.value)))
    }
    return head
  }

  private func name(_ value: Value) -> String { names[value] ?? graph[value].name }

  /// Parameters and constants, also those that operators brought.
  var initializers: [(name: String, elements: ParameterElements)] {
    let own = (graph.parameters + graph.constants).map { value in
      (name(value), ParameterElements(source(value), graph[value].name, graph.type(of: value)))
    }
    return own + model.constants.map { ($0.name, ParameterElements(.data($0.data), $0.name, $0.data.type)) }
  }

  private func source(_ value: Value) -> ParameterSource {
    switch graph[value].source {
    case .parameter(let source): source
    case .constant(let data): .data(data)
    case .input, .node: preconditionFailure("'\(graph[value].name)' has no elements")
    }
  }
}
