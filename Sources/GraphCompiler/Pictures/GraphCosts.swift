import LoopIR

/// What the nodes of a graph cost.
package struct GraphCosts: Sendable {
  package struct Cost: Hashable, Sendable {
    package var workClass: WorkClass
    /// Elements of parameters that training changes. A parameter counts where it is used first.
    package var parameterCount = 0
    /// Elements of parameters that are statistics of the data.
    package var statisticCount = 0
    package var multiplyAccumulateCount = 0
  }

  /// One for each of the graph's nodes.
  package private(set) var nodes: [Cost] = []
  /// Over all parameters, used or not.
  package private(set) var parameterCount = 0
  package private(set) var statisticCount = 0
  package private(set) var multiplyAccumulateCount = 0

  package init(_ graph: Graph) {
    let statistics = Self.statistics(of: graph)
    for parameter in graph.parameters {
      let count = graph.type(of: parameter).count
      if statistics.contains(parameter) { statisticCount += count } else { parameterCount += count }
    }
    var bodies = Bodies(graph)
    var counted: Set<Value> = []
    for node in graph.nodes {
      var cost = bodies.cost(of: node)
      for operand in node.operands where counted.insert(operand).inserted {
        guard case .parameter = graph[operand].source else { continue }
        let count = graph.type(of: operand).count
        if statistics.contains(operand) { cost.statisticCount += count } else { cost.parameterCount += count }
      }
      multiplyAccumulateCount = multiplyAccumulateCount.addedSaturating(cost.multiplyAccumulateCount)
      nodes.append(cost)
    }
  }

  /// Parameters that are only used as statistics.
  private static func statistics(of graph: Graph) -> Set<Value> {
    var (statistics, others): (Set<Value>, Set<Value>) = ([], Set(graph.outputs.map(\.value)))
    for node in graph.nodes {
      let declared = type(of: node.op).operands
      for (place, operand) in node.operands.enumerated() {
        let isStatistic = declared[min(place, declared.count - 1)].isStatistic
        if isStatistic { statistics.insert(operand) } else { others.insert(operand) }
      }
    }
    return statistics.subtracting(others)
  }
}

/// Opens composites to see what their bodies do.
private struct Bodies {
  private var builder: GraphBuilder

  init(_ graph: Graph) {
    builder = GraphBuilder(continuing: graph)
    _ = builder.takeNodes()
  }

  mutating func cost(of node: Node) -> GraphCosts.Cost {
    let equations = equations(of: node)
    var cost = GraphCosts.Cost(workClass: WorkClass(equations))
    if node.op.keepsRowMajorOrder { cost.workClass = .movement }
    if node.op is any ChannelwiseAffine { cost.workClass = .normalization }
    cost.multiplyAccumulateCount = equations.reduce(0) { $0.addedSaturating($1.multiplyAccumulateCount) }
    return cost
  }

  /// The node's own equations, or those of the whole body. A body that cannot be opened has none.
  private mutating func equations(of node: Node) -> [Equation] {
    guard let composite = node.op as? any CompositeOp else { return builder.graph.equations(of: node) }
    let isOpen = (try? composite.expand(&builder, node.operands)) != nil
    let body = builder.takeNodes()
    return isOpen ? body.flatMap { equations(of: $0) } : []
  }
}
