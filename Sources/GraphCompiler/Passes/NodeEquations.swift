import LoopIR

extension Graph {
  /// The node's meaning over tensors named after its values (`TensorNames`); empty for a composite.
  func equations(of node: Node) -> [Equation] {
    guard let primitive = node.op as? any PrimitiveOp else { return [] }
    let tensors = TensorNames(graph: self)
    return primitive.equations(node.operands.map(tensors.tensor), node.results.map(tensors.tensor))
  }
}
