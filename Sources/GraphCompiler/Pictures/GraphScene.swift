/// What the picture of a graph shows: pills for inputs and outputs, boxes for nodes, frames around the nodes
/// of one kernel, and links that carry values. It has sizes, but no places yet.
struct GraphScene: Sendable {
  enum Item: Sendable {
    case pill(ValuePill)
    case kernel(KernelBox)

    var size: Size {
      switch self {
      case .pill(let pill): pill.size
      case .kernel(let kernel): kernel.size
      }
    }
  }

  struct Link: Hashable, Sendable {
    var value: Value
    var layout: LayeredLayout.Link
    /// The members of kernels between which the link runs; 0 for pills.
    var source: Int
    var target: Int
  }

  /// The item, and the member of it, that makes a value.
  private struct Origin {
    var item: Int
    var member: Int
  }

  let graph: Graph
  let costs: GraphCosts
  private(set) var items: [Item] = []
  private(set) var links: [Link] = []
  private var origins: [Value: Origin] = [:]

  init(_ graph: Graph) {
    self.graph = graph
    costs = GraphCosts(graph)
    for input in graph.inputs {
      origins[input] = Origin(item: items.count, member: 0)
      items.append(.pill(ValuePill(input, graph[input].name, in: graph)))
    }
    addKernels()
    for output in graph.outputs {
      items.append(.pill(ValuePill(output.value, output.name, in: graph)))
      addLink(output.value, to: Origin(item: items.count - 1, member: 0), entry: 0.5)
    }
  }

  private mutating func addKernels() {
    let boxes = zip(graph.nodes, costs.nodes).map { NodeBox($0, $1, in: graph) }
    let widest = boxes.map(\.naturalWidth).max() ?? 0
    let width = min(max(widest, NodeBox.widths.lowerBound), NodeBox.widths.upperBound)
    for run in graph.kernelRuns {
      items.append(.kernel(KernelBox(boxes: Array(boxes[run]), width: width)))
      for (member, node) in graph.nodes[run].enumerated() {
        let target = Origin(item: items.count - 1, member: member)
        let carried = node.operands.withoutRepetitions.filter { origins[$0] != nil }
        for (place, value) in carried.enumerated() {
          let entry = (Double(place) + 0.5) / Double(carried.count)
          addLink(value, to: target, entry: member == 0 ? entry : 0.95)
        }
        for value in node.results { origins[value] = target }
      }
    }
  }

  private mutating func addLink(_ value: Value, to target: Origin, entry: Double) {
    guard let origin = origins[value] else { return }
    if origin.item == target.item {
      update(origin.item) { $0.join(origin.member, target.member) }
      return
    }
    var link = LayeredLayout.Link(from: origin.item, to: target.item, entry: entry)
    update(origin.item) { kernel in
      if origin.member < kernel.boxes.count - 1 { (link.exit, link.exitOffset) = (0.95, kernel.addLane()) }
    }
    if target.member > 0 { update(target.item) { link.entryOffset = $0.addLane() } }
    links.append(Link(value: value, layout: link, source: origin.member, target: target.member))
  }

  private mutating func update(_ item: Int, _ change: (inout KernelBox) -> Void) {
    guard case .kernel(var kernel) = items[item] else { return }
    change(&kernel)
    items[item] = .kernel(kernel)
  }
}

extension Graph {
  /// Places of nodes that stand together and become one kernel; a node without a group is alone.
  var kernelRuns: [Range<Int>] {
    var runs: [Range<Int>] = []
    for (place, node) in nodes.enumerated() {
      if let last = runs.last, let group = node.group, nodes[last.lowerBound].group == group {
        runs[runs.count - 1] = last.lowerBound..<(place + 1)
      } else {
        runs.append(place..<(place + 1))
      }
    }
    return runs
  }
}

extension [Value] {
  /// Every value once, where it stands first.
  fileprivate var withoutRepetitions: [Value] {
    enumerated().filter { place, value in !self[..<place].contains(value) }.map(\.element)
  }
}
