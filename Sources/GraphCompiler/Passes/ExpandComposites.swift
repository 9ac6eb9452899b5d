import SourceText

/// Composites become their bodies, and bodies that hold composites theirs in turn. The last value keeps the
/// composite's name, the others stand in its scope:
///
///     softmax1 = softmax(x)    →    softmax1.reduce_max = reduce_max(x, axes: [1])
///                                   …
///                                   softmax1 = div(softmax1.exp, softmax1.reduce_sum)
package let expandComposites = Pass<Graph>(
  "expand-composites", "replaces composite operators by their bodies"
) { graph throws(CompileError) in try graph.expandingComposites { _, _ in true }.renumbered }

extension Graph {
  /// The graph with those composites expanded that are chosen; values keep their numbers.
  func expandingComposites(where isChosen: @escaping (any Op) -> Bool) throws(CompileError) -> Graph {
    try expandingComposites { node, _ in isChosen(node.op) }
  }

  /// The same where the choice depends on the operands: it is given the node, and a graph that has its
  /// values.
  func expandingComposites(where isChosen: @escaping (Node, Graph) -> Bool) throws(CompileError) -> Graph {
    var expansion = Expansion(self, isChosen)
    var result = self
    result.nodes = try expansion.bodies(of: nodes)
    if let nodes = train?.nodes { result.train?.nodes = try expansion.bodies(of: nodes) }
    // Bodies bring their own values and constants.
    result.values = expansion.builder.graph.values
    result.constants = expansion.builder.graph.constants
    return result.substitutingUses(expansion.replacements)
  }
}

private struct Expansion {
  /// Holds the values made so far; its nodes are taken away as soon as they are made.
  var builder: GraphBuilder
  /// Results of bodies that are values from outside the body.
  var replacements: [Value: Value] = [:]
  private let isChosen: (Node, Graph) -> Bool

  init(_ graph: Graph, _ isChosen: @escaping (Node, Graph) -> Bool) {
    self.isChosen = isChosen
    builder = GraphBuilder(continuing: graph)
    _ = builder.takeNodes()
  }

  mutating func bodies(of nodes: [Node]) throws(CompileError) -> [Node] {
    var expanded: [Node] = []
    for node in nodes {
      if let composite = node.op as? any CompositeOp, isChosen(node, builder.graph) {
        expanded += try bodies(of: body(of: composite, in: node))
      } else {
        expanded.append(node)
      }
    }
    return expanded
  }

  /// The nodes of one body, the results under the names of the composite's results.
  private mutating func body(of op: any CompositeOp, in node: Node) throws(CompileError) -> [Node] {
    let results = try expand(op, node)
    let body = builder.takeNodes()
    let made = Set(body.flatMap(\.results))
    var names: [Value: Value] = [:]
    for (old, new) in zip(node.results, results) {
      if made.contains(new), names[new] == nil {
        names[new] = old
      } else {
        replacements[old] = names[new] ?? new
      }
    }
    return body.map { $0.renamingValues(names) }
  }

  private mutating func expand(_ op: any CompositeOp, _ node: Node) throws(CompileError) -> [Value] {
    builder.scope = builder.graph[node.results[0]].name
    builder.range = node.range
    defer { builder.scope = nil }
    do {
      return try op.expand(&builder, node.operands)
    } catch {
      throw CompileError(
        "expansion", "'\(type(of: op).name)' has no body here: \(error.message)", at: node.range,
        help: error.help)
    }
  }
}

extension Node {
  fileprivate func renamingValues(_ names: [Value: Value]) -> Node {
    var node = self
    node.operands = operands.map { names[$0] ?? $0 }
    node.results = results.map { names[$0] ?? $0 }
    return node
  }
}
