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

  /// The same graph without the values that nothing mentions; the others keep their names and are numbered in the
  /// order in which the text mentions them.
  func compacted() -> Graph {
    var order = inputs + parameters + constants
    order += nodes.flatMap(\.results)
    order += (train?.inputs ?? []) + (train?.nodes.flatMap(\.results) ?? [])
    if order.map(\.index) == Array(0..<Int32(values.count)) { return self }

    var places: [Value: Value] = [:]
    for (place, value) in order.enumerated() { places[value] = Value(index: place) }
    func moved(_ value: Value) -> Value {
      guard let place = places[value] else {
        preconditionFailure("value '\(self[value].name)' is used but nothing defines it")
      }
      return place
    }
    var result = self
    result.values = order.map { self[$0] }
    result.inputs = inputs.map(moved)
    result.parameters = parameters.map(moved)
    result.constants = constants.map(moved)
    result.mapNodes { nodes in
      nodes.map { node in
        var node = node
        node.operands = node.operands.map(moved)
        node.results = node.results.map(moved)
        return node
      }
    }
    result.outputs = outputs.map { Output(name: $0.name, value: moved($0.value)) }
    result.train?.inputs = train?.inputs.map(moved) ?? []
    result.train?.loss = train?.loss.map(moved)
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
