/// Inputs stay, used or not: they are the interface.
package let eliminateDeadNodes = Pass<Graph>(
  "eliminate-dead-nodes", "drops nodes, parameters and constants that no output and no loss needs"
) { graph in
  var needed = Set(graph.roots)
  func live(_ nodes: [Node]) -> [Node] {
    var kept: [Node] = []
    for node in nodes.reversed() where node.results.contains(where: needed.contains) {
      needed.formUnion(node.operands)
      kept.append(node)
    }
    return kept.reversed()
  }
  var result = graph
  // The train section reads values of the network, never the other way round.
  if let nodes = graph.train?.nodes { result.train?.nodes = live(nodes) }
  result.nodes = live(graph.nodes)
  result.parameters = graph.parameters.filter(needed.contains)
  result.constants = graph.constants.filter(needed.contains)
  return result.renumbered
}
