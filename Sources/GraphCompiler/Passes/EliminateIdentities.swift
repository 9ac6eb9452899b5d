import LoopIR

/// Nodes whose only result is one of their operands, element by element: dropout at inference, identity,
/// reshape to the same shape, a transpose that moves nothing, `x * 1`, `x + 0`. Uses move to the operand.
package let eliminateIdentities = Pass<Graph>(
  "eliminate-identities", "removes nodes that copy an operand"
) { graph in
  var replacements: [Value: Value] = [:]
  var result = graph
  result.mapNodes { nodes in
    nodes.filter { node in
      guard let source = copiedOperand(node, graph) else { return true }
      replacements[node.results[0]] = source
      return false
    }
  }
  return result.substitutingUses(replacements).renumbered
}

/// The operand that the node's only result is equal to.
private func copiedOperand(_ node: Node, _ graph: Graph) -> Value? {
  guard node.results.count == 1 else { return nil }
  let type = graph.type(of: node.results[0])
  if node.op.keepsRowMajorOrder, graph.type(of: node.operands[0]) == type { return node.operands[0] }
  // Without an operand of the result's type there is nothing to look for.
  guard node.operands.contains(where: { graph.type(of: $0) == type }),
    var equation = graph.equations(of: node).first
  else { return nil }
  let tensors = TensorNames(graph: graph)
  equation.value =
    equation.value.rewritten(scalar: { part in
      guard case .read(let access) = part, access.outside == nil,
        let number = tensors.value(of: access.tensor).flatMap({ graph[$0].repeatedNumber })
      else { return part }
      return .constant(number)
    }).simplified
  return equation.copiedTensor.flatMap(tensors.value)
}

extension ValueInfo {
  /// The number that every element of a constant is.
  fileprivate var repeatedNumber: Double? {
    guard case .constant(let data) = source else { return nil }
    let numbers = data.doubles
    return numbers.allSatisfy { $0 == numbers[0] } ? numbers.first : nil
  }
}
