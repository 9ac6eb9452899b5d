import LoopIR

/// A scale and shift per channel that found no weights to move into becomes one multiplication and one addition:
///
///     y = batch_norm(x, scale, bias, mean, variance)     →     y.scaled = x * y.factor
///                                                              y = y.scaled + y.shift
///
/// Otherwise every element would be divided by the root of a variance. Factor and shift are what the operator says of
/// itself (`ChannelwiseAffine`), computed in double precision, rounded once. Half precision stays as it is: the product
/// alone may be beyond its range, and the rounded shift is less exact than the difference from the mean.
package let scaleChannels = Pass<Graph>(
  "scale-channels", "computes batch normalization as one product and one sum"
) { graph in
  var builder = GraphBuilder(continuing: graph)
  for node in builder.takeNodes() { addScaled(node, &builder) }
  return builder.graph.renumbered
}

/// Adds the node, or what computes the same in fewer operations.
private func addScaled(_ node: Node, _ builder: inout GraphBuilder) {
  let parameters = Array(node.operands.dropFirst())
  guard let affine = node.op as? any ChannelwiseAffine, parameters.allSatisfy(builder.graph.isKnown),
    case let type = builder.type(of: node.results[0]), [.f32, .f64].contains(type.element)
  else { return builder.append(node) }
  let (scale, shift) = affine.scaleAndShift(parameters.map { builder.graph.known($0).doubles })
  let name = builder.graph[node.results[0]].name
  // `[c, 1, 1]`, which is broadcast along rows and columns.
  let channels = TensorType(type.element, [scale.count] + type.shape.dropFirst(2).map { _ in 1 })
  func parameter(_ what: String, _ elements: [Double], _ builder: inout GraphBuilder) -> Value {
    builder.parameter(TensorData(channels, doubles: elements), named: "\(name).\(what)")
  }
  let factor = parameter("factor", scale, &builder)
  let addend = parameter("shift", shift, &builder)
  (builder.range, builder.scope) = (node.range, name)
  do {
    let product = try builder.apply(Mul(), node.operands[0], factor, name: "scaled")
    builder.append(Node(op: Add(), operands: [product, addend], results: node.results, range: node.range))
  } catch {
    preconditionFailure("scale-channels made operands that do not fit: \(error)")
  }
}
