import LoopIR

/// A scale and shift per channel, right after a contraction whose weights are known, moves into the weights:
///
///     c = conv(x, w, b)
///     y = batch_norm(c, scale, bias, mean, variance)     →     y = conv(x, w.folded, b.folded)
///
///     w.folded[o, …] = s[o] * w[o, …]        b.folded[o] = s[o] * b[o] + t[o]
///
/// s and t are what the operator says of itself (`ChannelwiseAffine`); which operands are weights and bias,
/// the contraction's equation says (`ChannelSum`). Computed in double precision, rounded once. The
/// contraction must have no other user. Names tell where the new parameters come from; the old ones stay,
/// perhaps without a use.
package let foldBatchNorm = Pass<Graph>(
  "fold-batch-norm", "moves scales and shifts per channel into the weights before them"
) { graph in
  var folding = Folding(graph)
  for node in graph.nodes { folding.visit(node) }
  return folding.result()
}

private struct Folding {
  private var builder: GraphBuilder
  private let uses: ValueUses
  /// Nodes so far; nil where one has moved into its user.
  private var nodes: [Node?] = []
  private var producer: [Value: Int] = [:]

  init(_ graph: Graph) {
    builder = GraphBuilder(continuing: graph)
    uses = ValueUses(graph)
  }

  private var graph: Graph { builder.graph }

  mutating func visit(_ node: Node) {
    let merged = merged(node)
    if merged != nil, let place = producer[node.operands[0]] { nodes[place] = nil }
    for result in node.results { producer[result] = nodes.count }
    nodes.append(merged ?? node)
  }

  func result() -> Graph {
    var result = graph
    result.nodes = nodes.compactMap { $0 }
    return result.renumbered
  }

  /// The contraction before an affine node, doing the work of both.
  private mutating func merged(_ node: Node) -> Node? {
    guard let affine = node.op as? any ChannelwiseAffine, let place = producer[node.operands[0]],
      let contraction = nodes[place], isOnlyUse(of: node.operands[0]),
      node.operands.dropFirst().allSatisfy(graph.isKnown), let parts = parts(of: contraction)
    else { return nil }
    let (scale, shift) = affine.scaleAndShift(node.operands.dropFirst().map { graph.known($0).doubles })
    var merged = contraction
    merged.results = node.results
    merged.operands[parts.weight] = scaledWeight(contraction.operands[parts.weight], scale, parts.dimension)
    let bias = movedBias(
      parts.bias.map { contraction.operands[$0] }, scale, shift, contraction.operands[parts.weight])
    if let place = parts.bias { merged.operands[place] = bias } else { merged.operands.append(bias) }
    return merged
  }

  private mutating func scaledWeight(_ weight: Value, _ scale: [Double], _ dimension: Int) -> Value {
    var weights = graph.known(weight)
    weights.scale(by: scale, along: dimension)
    return folded(graph[weight].name, weights)
  }

  /// `scale * bias + shift`; without a bias, the shift under the name that the bias of the layer would have.
  private mutating func movedBias(_ bias: Value?, _ scale: [Double], _ shift: [Double], _ weight: Value)
    -> Value
  {
    let start = bias.map { graph.known($0).doubles } ?? Array(repeating: 0, count: scale.count)
    let moved = zip(zip(scale, start), shift).map { $0.0 * $0.1 + $1 }
    let name = bias.map { graph[$0].name } ?? biasName(besides: weight)
    return folded(name, TensorData(TensorType(graph.type(of: weight).element, [scale.count]), doubles: moved))
  }

  private func isOnlyUse(of value: Value) -> Bool {
    !uses.escapes(value) && uses.nodes(of: value).count == 1
  }

  /// Operand places of weights and bias.
  private struct Parts {
    var weight: Int
    var dimension: Int
    /// nil where a bias may be appended.
    var bias: Int?
  }

  private func parts(of node: Node) -> Parts? {
    guard let sum = channelSum(of: node) else { return nil }
    let tensors = TensorNames(graph: graph)
    for factor in sum.factors {
      guard let value = tensors.value(of: factor.tensor), graph.isKnown(value),
        let weight = node.operands.firstIndex(of: value)
      else { continue }
      let biasValue = sum.bias.flatMap(tensors.value)
      let bias = biasValue.flatMap { node.operands.firstIndex(of: $0) }
      if biasValue.map(graph.isKnown) ?? takesBias(node) {
        return Parts(weight: weight, dimension: factor.dimension, bias: bias)
      }
    }
    return nil
  }

  private func channelSum(of node: Node) -> ChannelSum? {
    let equations = graph.equations(of: node)
    return equations.count == 1 ? equations[0].channelSum(along: 1) : nil
  }

  /// True where one more operand would be added to each channel.
  private func takesBias(_ node: Node) -> Bool {
    let type = graph.type(of: node.results[0])
    let bias = TensorType(type.element, [type.shape[1]])
    let operands = graph.types(of: node.operands) + [bias]
    guard let primitive = node.op as? any PrimitiveOp,
      let typed = try? GraphBuilder.typed(primitive, operands), typed.results == [type]
    else { return false }
    let tensors = operands.enumerated().map { Tensor("x\($0.offset)", $0.element.element, $0.element.shape) }
    let equations = primitive.equations(tensors, [Tensor("y", type.element, type.shape)])
    return equations.count == 1 && equations[0].channelSum(along: 1)?.bias == tensors.last
  }

  /// `conv1.weight` → `conv1.bias`, the name that the bias of the same layer would have.
  private func biasName(besides weight: Value) -> String {
    let name = graph[weight].name
    return name.hasSuffix(".weight") ? "\(name.dropLast("weight".count))bias" : "\(name).bias"
  }

  private mutating func folded(_ name: String, _ data: TensorData) -> Value {
    builder.parameter(data, named: name.hasSuffix(".folded") ? name : "\(name).folded")
  }
}
