import LoopIR

/// A scale and shift per channel that found no weights to move into becomes one multiplication and one addition:
///
///     y = batch_norm(x, scale, bias, mean, variance)     →     y.scaled = x * y.factor
///                                                              y = y.scaled + y.shift
///
/// Otherwise every element would be divided by the root of a variance. Factor and shift are what the operator says of
/// itself (`ChannelwiseAffine`), computed in double precision, rounded once.
package let scaleChannels = Pass<Graph>(
  "scale-channels", "computes batch normalization as one product and one sum"
) { graph in
  var builder = GraphBuilder(continuing: graph)
  var nodes: [Node] = []
  for node in graph.nodes { nodes += scaled(node, &builder) }
  var result = builder.graph
  result.nodes = nodes
  return result.renumbered
}

/// The node, or what computes the same in fewer operations.
private func scaled(_ node: Node, _ builder: inout GraphBuilder) -> [Node] {
  let parameters = Array(node.operands.dropFirst())
  guard let affine = node.op as? any ChannelwiseAffine, parameters.allSatisfy(builder.graph.isKnown) else {
    return [node]
  }
  let (scale, shift) = affine.scaleAndShift(parameters.map { builder.graph.known($0).doubles })
  let (name, type) = (builder.graph[node.results[0]].name, builder.type(of: node.results[0]))
  // `[c, 1, 1]`, which is broadcast along rows and columns.
  let channels = TensorType(type.element, [scale.count] + type.shape.dropFirst(2).map { _ in 1 })
  func parameter(_ what: String, _ elements: [Double], _ builder: inout GraphBuilder) -> Value {
    builder.parameter(TensorData(channels, doubles: elements), named: "\(name).\(what)")
  }
  let factor = parameter("factor", scale, &builder)
  let addend = parameter("shift", shift, &builder)
  _ = builder.takeNodes()
  (builder.range, builder.scope) = (node.range, name)
  do {
    let product = try builder.apply(Mul(), node.operands[0], factor, name: "scaled")
    let sum = Node(op: Add(), operands: [product, addend], results: node.results, range: node.range)
    return builder.takeNodes() + [sum]
  } catch {
    preconditionFailure("scale-channels made operands that do not fit: \(error)")
  }
}
