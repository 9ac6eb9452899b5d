extension Graph {
  /// Order of making values does not count, nor do values that no statement mentions: two graphs are equal
  /// where their text is.
  package static func == (left: Graph, right: Graph) -> Bool {
    let (a, b) = (left.renumbered, right.renumbered)
    return a.name == b.name && a.values == b.values && a.inputs == b.inputs && a.parameters == b.parameters
      && a.constants == b.constants && a.nodes == b.nodes && a.outputs == b.outputs && a.train == b.train
  }

  /// The same graph with its values and kernel groups numbered in the order of its text.
  package var renumbered: Graph {
    var numbering = Numbering(self)
    return numbering.run()
  }
}

private struct Numbering {
  private let old: Graph
  private var new: Graph
  private var places: [Value?]
  private var groups: [Int: Int] = [:]

  init(_ graph: Graph) {
    old = graph
    new = Graph(name: graph.name)
    places = [Value?](repeating: nil, count: graph.values.count)
  }

  mutating func run() -> Graph {
    new.inputs = old.inputs.map { place($0) }
    new.parameters = old.parameters.map { place($0) }
    new.constants = old.constants.map { place($0) }
    new.nodes = old.nodes.map { renumbered($0) }
    new.outputs = old.outputs.map { Graph.Output(name: $0.name, value: place($0.value)) }
    if var train = old.train {
      train.inputs = train.inputs.map { place($0) }
      train.nodes = train.nodes.map { renumbered($0) }
      train.loss = train.loss.map { place($0) }
      new.train = train
    }
    return new
  }

  private mutating func place(_ value: Value) -> Value {
    if let known = places[Int(value.index)] { return known }
    let result = Value(index: new.values.count)
    new.values.append(old[value])
    places[Int(value.index)] = result
    return result
  }

  private mutating func renumbered(_ node: Node) -> Node {
    var result = node
    result.operands = node.operands.map { place($0) }
    result.results = node.results.map { place($0) }
    if let group = node.group {
      result.group = groups[group] ?? groups.count
      groups[group] = result.group
    }
    return result
  }
}
