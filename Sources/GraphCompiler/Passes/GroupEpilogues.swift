import LoopIR

/// Decides which nodes become one kernel: a contraction or reduction with the pointwise work that rides on
/// its result (bias, scale, residual add, activation), or a chain of pointwise work alone.
///
///     c = conv(x, w)                 ┐
///     s = add(c, shortcut)           │ one kernel
///     y = relu(s)                    ┘
///
/// Laws of a group: at most one member, the first, is not pointwise; all results have one shape; only the
/// last result is used outside. Hence groups depend on each other without cycles, and the nodes of a group
/// may stand together.
package let groupEpilogues = Pass<Graph>(
  "group-epilogues", "decides which nodes become one kernel"
) { graph in
  var grouping = Grouping(graph)
  grouping.growFrom(.contraction)
  grouping.growFrom(.reduction)
  grouping.growFrom(.pointwise)
  grouping.mergeIntoConsumers()
  return grouping.result()
}

private struct Grouping {
  private let graph: Graph
  private let uses: ValueUses
  /// Class of each node; nil where it always stands alone.
  private let classes: [EquationClass?]
  /// Size of each node's own expression.
  private let sizes: [Int]
  /// How often each node's own expression reads a value.
  private let readCounts: [[Value: Int]]
  /// Places of the nodes of each group, the anchor first; empty once merged into another.
  private var groups: [[Int]] = []
  private var groupOfNode: [Int?]

  /// Expressions beyond this size become several kernels: a value used twice doubles what stands below it.
  private static let sizeLimit = 256

  init(_ graph: Graph) {
    self.graph = graph
    uses = ValueUses(graph)
    let equations = graph.nodes.map { $0.results.count == 1 ? graph.equations(of: $0) : [] }
    classes = zip(graph.nodes, equations).map { node, equations in
      node.op.keepsRowMajorOrder || equations.count != 1 ? nil : equations[0].equationClass
    }
    sizes = equations.map { $0.reduce(0) { $0 + $1.value.size } }
    let tensors = TensorNames(graph: graph)
    readCounts = equations.map { equations in
      equations.flatMap(\.value.reads).compactMap { tensors.value(of: $0.tensor) }
        .reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
    groupOfNode = Array(repeating: nil, count: graph.nodes.count)
  }

  /// Starts a group at every free node of the class. Later nodes first: their group then takes the shared end
  /// of two branches, and the other branch is complete when it runs.
  mutating func growFrom(_ anchor: EquationClass) {
    let places = graph.nodes.indices.filter { classes[$0] == anchor && groupOfNode[$0] == nil }
    for place in anchor == .pointwise ? places : places.reversed() where groupOfNode[place] == nil {
      let members = grown(from: place)
      for member in members { groupOfNode[member] = groups.count }
      groups.append(members)
    }
  }

  private func result(of node: Int) -> Value { graph.nodes[node].results[0] }

  /// The anchor and the pointwise nodes after it, as far as a single value leaves them.
  ///
  /// Nodes that wait to be joined are those that use a member's result. Whenever none waits but users of the
  /// newest member, only that member's result leaves: the members so far are a group.
  private func grown(from anchor: Int) -> [Int] {
    var members = [anchor]
    var settled = 1
    var expressionSizes = [result(of: anchor): sizes[anchor]]
    var waiting: Set<Int> = []
    while let newest = members.last, !uses.escapes(result(of: newest)) {
      waiting.formUnion(uses.nodes(of: result(of: newest)))
      guard let next = waiting.min(), canJoin(next, anchor),
        case let size = sizeOfJoined(next, expressionSizes), size <= Self.sizeLimit
      else { break }
      waiting.remove(next)
      members.append(next)
      expressionSizes[result(of: next)] = size
      if waiting.isEmpty { settled = members.count }
    }
    return Array(members[..<settled])
  }

  private func canJoin(_ node: Int, _ anchor: Int) -> Bool {
    classes[node] == .pointwise && groupOfNode[node] == nil
      && graph.type(of: result(of: node)).shape == graph.type(of: result(of: anchor)).shape
  }

  /// Size of a node's expression with the members that it reads written into it.
  private func sizeOfJoined(_ node: Int, _ members: [Value: Int]) -> Int {
    readCounts[node].reduce(sizes[node]) { size, read in
      size.addedSaturating((members[read.key] ?? 0).multipliedSaturating(by: [read.value]))
    }
  }

  /// A pointwise group whose value only one other group wants, at the same shape, joins that group: its work
  /// is done where the value is wanted.
  mutating func mergeIntoConsumers() {
    for group in groups.indices.reversed() {
      guard let last = groups[group].last, classes[groups[group][0]] == .pointwise,
        let consumer = onlyConsumer(of: result(of: last)), consumer != group,
        let tail = groups[consumer].last,
        graph.type(of: result(of: tail)).shape == graph.type(of: result(of: last)).shape,
        canMerge(group, into: consumer)
      else { continue }
      let anchor = classes[groups[consumer][0]] == .pointwise ? [] : [groups[consumer][0]]
      let others = (groups[group] + groups[consumer][anchor.count...]).sorted()
      for member in groups[group] { groupOfNode[member] = consumer }
      groups[consumer] = anchor + others
      groups[group] = []
    }
  }

  private func onlyConsumer(of value: Value) -> Int? {
    guard !uses.escapes(value), let first = uses.nodes(of: value).first, let group = groupOfNode[first],
      uses.nodes(of: value).allSatisfy({ groupOfNode[$0] == group })
    else { return nil }
    return group
  }

  /// False where the consumer's anchor itself reads the value, or the expression would grow too large.
  private func canMerge(_ group: Int, into consumer: Int) -> Bool {
    guard let last = groups[group].last else { return false }
    let anchor = groups[consumer][0]
    if classes[anchor] != .pointwise, uses.nodes(of: result(of: last)).contains(anchor) { return false }
    var expressionSizes: [Value: Int] = [:]
    for member in (groups[group] + groups[consumer]).sorted() {
      let size = sizeOfJoined(member, expressionSizes)
      if size > Self.sizeLimit { return false }
      expressionSizes[result(of: member)] = size
    }
    return true
  }

  /// The graph with its groups numbered in execution order and their nodes standing together.
  ///
  /// Whatever a group reads is complete before the group's last node, so that order of last nodes respects
  /// every use.
  func result() -> Graph {
    let alone = graph.nodes.indices.filter { groupOfNode[$0] == nil }.map { [$0] }
    let units = (groups.filter { !$0.isEmpty } + alone).sorted { ($0.last ?? 0) < ($1.last ?? 0) }
    var result = graph
    result.nodes = units.enumerated().flatMap { number, unit in
      unit.map { place in
        var node = graph.nodes[place]
        node.group = number
        return node
      }
    }
    return result.renumbered
  }
}
