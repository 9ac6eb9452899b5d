import LoopIR
import SourceText
import TensorFiles

/// Builds a graph from a model, node by node. All that is unsupported is collected before anything is
/// refused.
final class ONNXImporter {
  let model: ONNXModel
  let file: MappedFile
  let source: SourceFile
  let options: ONNXImport.Options
  let tensors: ONNXTensorReader
  var builder: GraphBuilder
  var names = ExternalNames()
  var report: ONNXReport
  /// The names that nodes can refer to; bodies and functions are on top of the graph.
  var scopes: [ONNXScope] = []
  /// Values whose elements are known before the network runs.
  var known: [Value: KnownElements] = [:]
  /// Steps of arithmetic that may still be taken while reading.
  var foldingBudget = 1 << 23
  /// Elements that may still be copied into constants of bodies and functions, for each use anew.
  var inlinedElements = 1 << 26
  let functions: [ONNXFunctionKey: ONNXFunction]
  /// How often a name was numbered because it was taken.
  private var nameCounters: [String: Int] = [:]

  /// Deepest nesting of functions and bodies.
  static let depthLimit = 32
  /// Most nodes, functions inlined.
  static let nodeLimit = 100_000
  private var nodeCount = 0

  init(_ model: ONNXModel, _ file: MappedFile, _ source: SourceFile, _ options: ONNXImport.Options) {
    self.model = model
    self.file = file
    self.source = source
    self.options = options
    let folder = file.path.lastIndex(of: "/").map { String(file.path[...$0]) } ?? ""
    functions = Dictionary(
      model.functions.map { (ONNXFunctionKey($0), $0) }, uniquingKeysWith: { first, _ in first })
    tensors = ONNXTensorReader(file: file, externalFiles: ExternalFiles(folder: folder))
    builder = GraphBuilder(name: Self.graphName(file.path))
    report = ONNXReport(source)
    builder.range = report.range
  }

  /// `models/resnet50-v1.onnx` → `resnet50_v1`.
  private static func graphName(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? "model"
    let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    return GraphName.word(stem) ?? "model"
  }

  func run() throws(CompileError) -> ImportedModel {
    guard let graph = model.graph else { throw report.failure("the model has no graph") }
    guard !model.opsets.isEmpty else {
      throw report.failure("the model does not say which version of the ONNX operators it uses")
    }
    scopes = [ONNXScope(opsets: model.opsets)]
    try readInputs(graph)
    for node in graph.nodes { try read(node) }
    try report.finish()
    try nameOutputs(graph)
    return ImportedModel(graph: try eliminateDeadNodes(builder.graph), names: names)
  }

  // MARK: Nodes

  func read(_ node: ONNXNode) throws(CompileError) {
    nodeCount += 1
    if max(nodeCount, builder.graph.nodes.count) > Self.nodeLimit {
      throw report.failure("the model has more than \(Self.nodeLimit) nodes")
    }
    guard let inputs = try inputValues(node) else { return poison(node) }
    if let function = function(of: node) { return try inline(function, node, inputs) }
    guard let rule = ONNXRules.find(node.type, domain: node.domain) else {
      report.missing(node)
      return poison(node)
    }
    guard let opset = scopes.last?.opsets[node.domain], opset >= 1 else {
      let domain = node.domain.isEmpty ? "ONNX operators" : "operators of '\(node.domain.clipped(to: 60))'"
      throw report.failure("the model does not say which version of the \(domain) it uses: \(node.place)")
    }
    let before = builder.graph.nodes.count
    let call = ONNXCall(node, opset: opset, inputs: inputs, importer: self)
    do {
      builder.scope = node.scopeName
      defer { builder.scope = nil }
      let results = try rule.read(call)
      try requireKnownAttributes(call)
      try define(node, results, nodesFrom: before)
    } catch let error as OpError {
      report.refuse(node, error)
      poison(node)
    } catch let error as CompileError {
      throw error
    } catch {
      preconditionFailure("a rule threw \(error)")
    }
  }

  /// The values of a node's inputs; nil where one of them comes from a node that was refused.
  private func inputValues(_ node: ONNXNode) throws(CompileError) -> [Value?]? {
    var values: [Value?] = []
    for name in node.inputs {
      if name.isEmpty {
        values.append(nil)
        continue
      }
      switch lookUp(name) {
      case .value(let value): values.append(value)
      case .absent: values.append(nil)
      case .refused:
        // Its operator is still reported.
        if ONNXRules.find(node.type, domain: node.domain) == nil, function(of: node) == nil {
          report.missing(node)
        }
        return nil
      case nil:
        throw report.failure("\(node.place) uses '\(name)', which nothing before it computes")
      }
    }
    return values
  }

  func lookUp(_ name: String) -> ONNXScope.Entry? {
    for scope in scopes.reversed() {
      if let entry = scope.values[name] { return entry }
      if !scope.seesOuter { return nil }
    }
    return nil
  }

  private func poison(_ node: ONNXNode) {
    for name in node.outputs where !name.isEmpty { scopes[scopes.count - 1].values[name] = .refused }
  }

  private func requireKnownAttributes(_ call: ONNXCall) throws(OpError) {
    for attribute in call.raw.attributes where !call.askedAttributes.contains(attribute.name) {
      let read = call.askedAttributes.sorted().map { "'\($0)'" }.joined(separator: ", ")
      throw OpError(
        "attribute '\(attribute.name)' is not supported", kind: .unsupported,
        help: read.isEmpty
          ? "no attribute of this operator is" : "those that are read here: \(read)".clipped(to: 300))
    }
  }

  private func define(_ node: ONNXNode, _ results: [Value?], nodesFrom first: Int) throws(OpError) {
    foldNodes(from: first)
    let own = Set(builder.graph.nodes[first...].flatMap(\.results))
    for (place, name) in node.outputs.enumerated() where !name.isEmpty {
      guard place < results.count, let value = results[place] else {
        throw OpError("output \(place) ('\(name)') is not supported", kind: .unsupported)
      }
      guard scopes[scopes.count - 1].values[name] == nil else {
        throw OpError("'\(name)' is computed twice")
      }
      guard builder.type(of: value).rank <= ONNXTensorReader.rankLimit else {
        throw OpError("'\(name)' has more than \(ONNXTensorReader.rankLimit) axes", kind: .unsupported)
      }
      bind(name, to: value, isNew: own.contains(value))
    }
  }

  /// Makes a value known under its name in the model, and calls it so if it was just made.
  func bind(_ name: String, to value: Value, isNew: Bool) {
    scopes[scopes.count - 1].values[name] = .value(value)
    if isNew, case .node = builder.graph[value].source {
      builder.scope = nil
      builder.rename(value, to: freeName(name, else: kind(of: value)))
    }
    if scopes.count == 1 { names.add(name, builder.graph[value].name) }
  }

  private func kind(of value: Value) -> String {
    let node = builder.graph.nodes.last { $0.results.contains(value) }
    return node.map { type(of: $0.op).name } ?? "value"
  }

  /// The name as a path of the language, numbered where it is taken; `kind1` where nothing of it is left.
  func freeName(_ name: String, else kind: String) -> String {
    guard let path = GraphName.path(name) else { return builder.freshName(kind) }
    if !builder.isNameTaken(path) { return path }
    var number = nameCounters[path, default: 1]
    repeat { number += 1 } while builder.isNameTaken("\(path)_\(number)")
    nameCounters[path] = number
    return "\(path)_\(number)"
  }
}

/// Names of one graph, body or function.
struct ONNXScope {
  enum Entry {
    case value(Value)
    /// An optional input of a function that is not given.
    case absent
    /// A result of a node that was refused, or of one behind it.
    case refused
  }

  var values: [String: Entry] = [:]
  var opsets: [String: Int]
  /// Attributes of the function that is inlined.
  var attributes: [String: ONNXAttribute.Value] = [:]
  /// Bodies see the names around them, functions do not.
  var seesOuter = false
}

extension ONNXNode {
  /// `node 'conv1' (Conv)`, for messages.
  var place: String {
    let name =
      name.isEmpty ? "of output '\((outputs.first ?? "").clipped(to: 60))'" : "'\(name.clipped(to: 60))'"
    return "node \(name) (\(type.clipped(to: 40)))"
  }

  /// Intermediate values of a node that becomes several are named after its first output.
  fileprivate var scopeName: String {
    outputs.first.flatMap { GraphName.path($0) } ?? GraphName.path(type.lowercased()) ?? "node"
  }
}
