/// Two nodes with equal operators, attributes and operands compute the same: the later one's uses move to the
/// earlier one. Equal constants count as one.
///
///     a = relu(x)
///     b = relu(x)        →        a = relu(x)
///     y = add(a, b)               y = add(a, a)
package let eliminateCommonSubexpressions = Pass<Graph>(
  "eliminate-common-subexpressions", "computes equal expressions once"
) { graph in
  var replacements = repeatedConstants(graph)
  var seen: [Signature: [Node]] = [:]

  func withoutRepetitions(_ nodes: [Node]) -> [Node] {
    nodes.filter { node in
      let operands = node.operands.map { replacements[$0] ?? $0 }
      let signature = Signature(name: type(of: node.op).name, operands: operands)
      guard let earlier = seen[signature]?.first(where: { $0.op.isEqual(to: node.op) }) else {
        seen[signature, default: []].append(node)
        return true
      }
      for (repeated, first) in zip(node.results, earlier.results) { replacements[repeated] = first }
      return false
    }
  }

  var result = graph
  result.mapNodes(withoutRepetitions)
  result.constants.removeAll { replacements[$0] != nil }
  return result.substitutingUses(replacements).renumbered
}

private struct Signature: Hashable {
  var name: String
  var operands: [Value]
}

private func repeatedConstants(_ graph: Graph) -> [Value: Value] {
  var first: [TensorData: Value] = [:]
  var replacements: [Value: Value] = [:]
  for constant in graph.constants {
    guard case .constant(let data) = graph[constant].source else { continue }
    if let earlier = first[data] { replacements[constant] = earlier } else { first[data] = constant }
  }
  return replacements
}
