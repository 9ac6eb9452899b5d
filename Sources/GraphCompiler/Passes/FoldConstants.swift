import LoopIR
import SourceText

/// Nodes whose operands are all constants become constants, computed in double precision and rounded once at
/// the end of each node. Parameters are not constants here: their values may still change.
///
/// A small constant is not blown up into a large one: computing it is cheaper than storing it.
package let foldConstants = Pass<Graph>(
  "fold-constants", "computes nodes that depend on constants alone"
) { graph throws(CompileError) in
  var result = graph
  var remaining: [Node] = []
  for node in graph.nodes {
    guard isFoldable(node, result) else {
      remaining.append(node)
      continue
    }
    try fold(node, &result)
  }
  result.nodes = remaining
  return result.renumbered
}

/// Results beyond this size stay computed.
private let byteLimit = 16 << 20
/// Results of at most this size may be larger than what they are computed from.
private let growthLimit = 1 << 12

private func isFoldable(_ node: Node, _ graph: Graph) -> Bool {
  let operandsAreConstant = node.operands.allSatisfy { operand in
    if case .constant = graph[operand].source { true } else { false }
  }
  let operandBytes = node.operands.reduce(0) { $0 + graph.type(of: $1).byteCount }
  let limit = min(byteLimit, max(growthLimit, operandBytes))
  return operandsAreConstant && node.results.allSatisfy { graph.type(of: $0).byteCount <= limit }
}

/// Turns the node's results into constants.
private func fold(_ node: Node, _ graph: inout Graph) throws(CompileError) {
  var alone = graph
  alone.nodes = [node]
  alone.outputs = node.results.map { Graph.Output(name: graph[$0].name, value: $0) }
  let outputs = try Interpreter(alone).run([:]).outputs
  for value in node.results {
    guard let computed = outputs[graph[value].name] else {
      preconditionFailure("the interpreter has no value for '\(graph[value].name)'")
    }
    graph[value].source = .constant(TensorData(graph.type(of: value), doubles: computed.values))
    graph.constants.append(value)
  }
}
