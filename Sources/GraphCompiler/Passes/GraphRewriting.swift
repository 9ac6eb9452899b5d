import SourceText

extension Graph {
  /// Every node: those of the network, then those that only the loss needs.
  var allNodes: [Node] { nodes + (train?.nodes ?? []) }

  /// The values that the outside asks for: outputs and the loss.
  var roots: [Value] { outputs.map(\.value) + (train?.loss.map { [$0] } ?? []) }

  /// Applies a function to the nodes of the network and to those of the train section.
  mutating func mapNodes(_ transform: ([Node]) -> [Node]) {
    nodes = transform(nodes)
    if let trainNodes = train?.nodes { train?.nodes = transform(trainNodes) }
  }

  /// Every use of a value becomes a use of its replacement; replacements of replacements are followed.
  func substitutingUses(_ replacements: [Value: Value]) -> Graph {
    if replacements.isEmpty { return self }
    func resolve(_ value: Value) -> Value {
      var current = value
      while let next = replacements[current] { current = next }
      return current
    }
    var result = self
    result.mapNodes { nodes in
      nodes.map { node in
        var node = node
        node.operands = node.operands.map(resolve)
        return node
      }
    }
    result.outputs = outputs.map { Output(name: $0.name, value: resolve($0.value)) }
    if let loss = train?.loss { result.train?.loss = resolve(loss) }
    return result
  }
}

/// Who uses the values of a graph.
struct ValueUses {
  /// Places in `Graph.nodes` of the nodes that read a value, ascending, each once.
  private var nodes: [[Int]]
  /// Values that outputs, the loss or nodes of the train section read.
  private var escaping: Set<Value>

  init(_ graph: Graph) {
    nodes = Array(repeating: [], count: graph.values.count)
    for (place, node) in graph.nodes.enumerated() {
      for operand in node.operands where nodes[Int(operand.index)].last != place {
        nodes[Int(operand.index)].append(place)
      }
    }
    escaping = Set(graph.roots)
    for node in graph.train?.nodes ?? [] { escaping.formUnion(node.operands) }
  }

  func nodes(of value: Value) -> [Int] { nodes[Int(value.index)] }

  /// True where the value is wanted beyond the nodes of the network.
  func escapes(_ value: Value) -> Bool { escaping.contains(value) }
}
