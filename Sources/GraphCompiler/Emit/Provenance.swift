import LoopIR
import SourceText

extension Provenance {
  /// What a group of nodes computes and where the user asked for it.
  init(group: [Node], graph: Graph, equations: [Equation]) {
    let last = group[group.count - 1]
    self.init(
      value: graph[last.results[0]].name,
      operators: group.map { type(of: $0.op).name },
      statements: group.map { $0.statement(in: graph) },
      location: Provenance.location(of: group),
      operationCount: equations.reduce(0) { $0 + $1.operationCount })
  }

  /// `lenet5.graph:5`, or `lenet5.graph:5-7`.
  private static func location(of group: [Node]) -> String {
    let places = group.compactMap { node in
      node.range.file.map { (path: $0.path, line: $0.location(at: node.range.lower).line) }
    }
    guard let first = places.map(\.line).min(), let last = places.map(\.line).max() else { return "" }
    let name = places[0].path.split(separator: "/").last.map(String.init) ?? places[0].path
    return first == last ? "\(name):\(first)" : "\(name):\(first)-\(last)"
  }
}

extension Node {
  /// `relu1 = relu(conv1)`: the node as the `.graph` language writes it.
  func statement(in graph: Graph) -> String {
    let types = graph.types(of: operands)
    let attributes = op.writtenAttributes(types).map { "\($0.name): \($0.value)" }
    let arguments = (operands.map { graph[$0].name } + attributes).joined(separator: ", ")
    return "\(results.map { graph[$0].name }.joined(separator: ", ")) = \(type(of: op).name)(\(arguments))"
  }
}
