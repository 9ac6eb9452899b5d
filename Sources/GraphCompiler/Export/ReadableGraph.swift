import LoopIR
import SourceText
import TensorFiles

/// A graph that was read from a model, as the language's text and as what reading this text gives.
///
/// The names of the graph are those of the text, so whoever compiles the one or the other gets the same bits.
package struct ReadableGraph: Sendable {
  package let graph: Graph
  /// What the model calls the values of the graph.
  package let names: ExternalNames
  private let script: GraphScript?

  /// - Parameter names: what the model calls the values of `graph`; also where names come from.
  package init(_ graph: Graph, names: ExternalNames) {
    for isPlain in [false, true] {
      let script = GraphScript(graph, hints: names, isPlain: isPlain)
      if let (read, values) = script.readBack() {
        self.graph = read
        self.script = script
        let renamed = values.map { (graph[$0.key].name, read[$0.value].name) }
        self.names = names.renamed(
          Dictionary(renamed, uniquingKeysWith: { first, _ in first }), outputs: graph.outputs.map(\.name))
        return
      }
    }
    (self.graph, self.names, script) = (graph, names, nil)
  }

  /// The text, which names the file of its elements; nil for a graph with more nodes than a text may have.
  package func text(weights: String) -> String? { script?.text(weights: tensors.isEmpty ? nil : weights) }

  /// What the file of weights must hold: parameters, and constants that are too long for the text.
  package var tensors: [(name: String, tensor: StoredTensor)] {
    let blobs = script?.blobs ?? [:]
    let constants = graph.constants.filter { blobs[graph[$0].name] != nil }
    return (graph.parameters + constants).map { (graph[$0].name, stored($0)) }
  }

  private func stored(_ value: Value) -> StoredTensor {
    let (name, type) = (graph[value].name, graph.type(of: value))
    let data =
      if case .parameter(let source) = graph[value].source { source.data(name, type) } else {
        graph[value].data
      }
    if case .stored(let tensor)? = data?.storage, tensor.element == type.element.stored,
      let shaped = tensor.reshaped(to: type.shape)
    {
      return shaped
    }
    return StoredTensor(shape: type.shape, element: type.element.stored, bytes: data?.bytes ?? [])
  }
}

extension GraphScript {
  /// The graph that the text stands for, with the elements of this one, and which of its values is which; nil
  /// where it is another graph.
  fileprivate func readBack() -> (graph: Graph, values: [Value: Value])? {
    var options = GraphParser.Options()
    options.blobs = blobs
    let file = SourceFile(path: "\(graph.name).graph", text: text(weights: nil))
    guard var read = try? GraphParser.parse(file, options: options).graph else { return nil }
    var values: [Value: Value] = [:]
    func match(_ old: [Value], _ new: [Value]) -> Bool {
      guard old.count == new.count else { return false }
      for (old, new) in zip(old, new) {
        guard graph.type(of: old) == read.type(of: new), values.updateValue(new, forKey: old) ?? new == new
        else {
          return false
        }
      }
      return true
    }
    guard match(graph.inputs, read.inputs), nodes.count == read.nodes.count else { return nil }
    for (old, new) in zip(nodes, read.nodes) {
      guard old.op.isEqual(to: new.op), match(old.operands, new.operands), match(old.results, new.results)
      else {
        return nil
      }
    }
    guard match(graph.outputs.map(\.value), read.outputs.map(\.value)),
      graph.outputs.map(\.name) == read.outputs.map(\.name),
      graph.parameters.count == read.parameters.count, graph.constants.count == read.constants.count
    else { return nil }
    for (old, new) in values {
      if case .parameter = graph[old].source { read[new].source = graph[old].source }
      read[new].range = graph[old].range
    }
    for (place, node) in nodes.enumerated() { read.nodes[place].range = node.range }
    return (read, values)
  }
}
