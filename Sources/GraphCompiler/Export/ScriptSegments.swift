import LoopIR

/// The nodes of a graph in an order that makes chains, cut into them.
struct ScriptSegments {
  /// Each becomes one statement.
  private(set) var segments: [[Node]] = []
  /// How often nodes and outputs use each value.
  private(set) var uses: [Int]
  private let graph: Graph

  /// - Parameter isPlain: one node a statement, in the order of the graph.
  init(_ graph: Graph, isPlain: Bool) {
    self.graph = graph
    uses = [Int](repeating: 0, count: graph.values.count)
    for value in graph.nodes.flatMap(\.operands) + graph.outputs.map(\.value) { uses[Int(value.index)] += 1 }
    if isPlain {
      segments = graph.nodes.map { [$0] }
      return
    }
    for node in Self.chained(graph, uses) {
      if let last = segments.last?.last, goesOn(from: last, to: node) {
        segments[segments.count - 1].append(node)
      } else {
        segments.append([node])
      }
    }
  }

  func isUsedOnce(_ value: Value) -> Bool { uses[Int(value.index)] == 1 }

  /// Every node right behind the one that it continues, as far as its other operands are computed by then.
  private static func chained(_ graph: Graph, _ uses: [Int]) -> [Node] {
    var users: [Value: [Int]] = [:]
    var missing = [Int](repeating: 0, count: graph.nodes.count)
    let made = Set(graph.nodes.flatMap(\.results))
    for (place, node) in graph.nodes.enumerated() {
      for value in Set(node.operands).intersection(made) {
        users[value, default: []].append(place)
        missing[place] += 1
      }
    }
    var ordered: [Node] = []
    var isPlaced = [Bool](repeating: false, count: graph.nodes.count)
    for start in graph.nodes.indices {
      var next: Int? = isPlaced[start] || missing[start] > 0 ? nil : start
      while let place = next {
        let node = graph.nodes[place]
        isPlaced[place] = true
        ordered.append(node)
        for user in node.results.flatMap({ users[$0] ?? [] }) { missing[user] -= 1 }
        next = node.results.first.flatMap { users[$0]?.first }
        if let user = next, isPlaced[user] || missing[user] > 0 || uses[Int(node.results[0].index)] != 1 {
          next = nil
        }
      }
    }
    // The graph's own order respects every use: what starts later than its operands is never left out.
    return ordered.count == graph.nodes.count ? ordered : graph.nodes
  }

  /// Whether a node can be the next stage behind another one.
  private func goesOn(from last: Node, to node: Node) -> Bool {
    guard last.results.count == 1, node.operands.first == last.results[0], isUsedOnce(last.results[0]) else {
      return false
    }
    return Self.computed(node, graph).count == 1
  }

  /// The operands that are neither parameters nor constants.
  static func computed(_ node: Node, _ graph: Graph) -> [Value] {
    node.operands.filter { value in
      switch graph[value].source {
      case .input, .node: true
      case .parameter, .constant: false
      }
    }
  }
}
