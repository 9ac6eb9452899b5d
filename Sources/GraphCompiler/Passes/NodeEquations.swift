import LoopIR

extension Graph {
  /// The node's meaning over tensors named after its values (`TensorNames`); empty for a composite.
  func equations(of node: Node) -> [Equation] {
    guard let primitive = node.op as? any PrimitiveOp else { return [] }
    let tensors = TensorNames(graph: self)
    return primitive.equations(node.operands.map(tensors.tensor), node.results.map(tensors.tensor))
  }
}

extension Graph {
  /// Steps of arithmetic that the node takes, roughly: the extents of all axes of its equations, multiplied.
  /// A composite is taken to look at every operand for every result.
  func work(of node: Node) -> Int {
    let equations = equations(of: node)
    if equations.isEmpty {
      let (operands, results) = (node.operands.reduce(1) { $0 + type(of: $1).count }, node.results)
      return results.reduce(1) { $0.addedSaturating(operands.multipliedSaturating(by: [type(of: $1).count])) }
    }
    return equations.reduce(1) { $0.addedSaturating($1.work) }
  }
}

extension Equation {
  fileprivate var work: Int {
    var extents = axes.map(\.extent)
    value.forEach { part in
      if case .reduce(_, let reduced, _) = part { extents += reduced.map(\.extent) }
    }
    return 1.multipliedSaturating(by: extents)
  }
}
