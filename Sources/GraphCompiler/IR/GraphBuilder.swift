import LoopIR
import SourceText

/// The only way to make a node: it resolves the attributes, types the results on the spot and keeps names
/// unique.
package struct GraphBuilder {
  package private(set) var graph: Graph
  /// Where the things made next stand in the source.
  package var range: SourceRange = .unknown
  /// While true, inputs and nodes go to the train section.
  package var isTraining = false
  /// Put before the names of new nodes: inside `softmax1`, results are `softmax1.exp`, `softmax1.sub`, ….
  package var scope: String?

  /// The kernel that the nodes made next belong to.
  package var group: Int?

  private var valuesByName: [String: Value]
  private var counters: [String: Int] = [:]

  package init(name: String) {
    self.init(continuing: Graph(name: name))
  }

  /// Goes on from an existing graph; its names stay taken.
  package init(continuing graph: Graph) {
    self.graph = graph
    let named = graph.values.indices.map { (graph.values[$0].name, Value(index: $0)) }
    valuesByName = Dictionary(named, uniquingKeysWith: { _, last in last })
  }

  package func type(of value: Value) -> TensorType { graph.type(of: value) }

  package func shape(of value: Value) -> [Int] { graph.type(of: value).shape }

  package func isNameTaken(_ name: String) -> Bool { valuesByName[name] != nil }

  package func value(named name: String) -> Value? { valuesByName[name] }

  /// `conv1`, `conv2`, …: the first name of the kind that is free. It is not taken yet.
  package mutating func freshName(_ kind: String) -> String {
    if scope != nil { return scopedName(kind) }
    var number = counters[kind, default: 0]
    repeat { number += 1 } while isNameTaken("\(kind)\(number)")
    counters[kind] = number
    return "\(kind)\(number)"
  }

  /// The name as it is, or inside a scope: `softmax1.exp`, then `softmax1.exp2`, `softmax1.exp3`, ….
  private mutating func scopedName(_ name: String) -> String {
    guard let scope else { return name }
    let scoped = "\(scope).\(name)"
    if !isNameTaken(scoped) { return scoped }
    var number = counters[scoped, default: 1]
    repeat { number += 1 } while isNameTaken("\(scoped)\(number)")
    counters[scoped] = number
    return "\(scoped)\(number)"
  }

  /// A use of an operator with one result. The value is named `name`, or numbered after the operator.
  package mutating func apply(_ op: some Op, _ operands: Value..., name: String? = nil) throws(OpError) -> Value {
    try apply(op, operands, names: name.map { [$0] } ?? [])[0]
  }

  /// A use of an operator. Throws where operands or attributes do not fit; nothing is added then.
  package mutating func apply(
    _ op: any Op, _ operands: [Value], names: [String] = []
  ) throws(OpError) -> [Value] {
    let types = graph.types(of: operands)
    let (resolved, resultTypes) = try Self.typed(op, types)
    for type in resultTypes where !type.isRepresentable {
      throw OpError("the result \(type) is too large: a tensor has at most \(TensorType.byteLimit) bytes")
    }
    let kind = Swift.type(of: op).name
    var results: [Value] = []
    for (place, type) in resultTypes.enumerated() {
      let name = place < names.count ? scopedName(names[place]) : freshName(kind)
      results.append(addValue(name, type, .node))
    }
    append(Node(op: resolved, operands: operands, results: results, range: range, group: group))
    return results
  }

  /// The operator with its attributes written out, and the types of its results.
  package static func typed(
    _ op: any Op, _ operands: [TensorType]
  ) throws(OpError) -> (op: any Op, results: [TensorType]) {
    try checkCount(op, operands.count)
    var resolved = op
    try resolved.resolve(operands)
    return (resolved, try resolved.resultTypes(operands))
  }

  private static func checkCount(_ op: any Op, _ count: Int) throws(OpError) {
    let declared = Swift.type(of: op).operands
    let least = declared.filter { $0.count != .optional }.count
    let most = declared.contains { $0.count == .variadic } ? Int.max : declared.count
    if count >= least, count <= most { return }
    let names = declared.map(\.description).joined(separator: ", ")
    throw OpError("'\(Swift.type(of: op).name)' takes (\(names)), found \(count) operands")
  }

  /// Adds a node that was made before, in this graph.
  package mutating func append(_ node: Node) {
    if isTraining { graph.train?.nodes.append(node) } else { graph.nodes.append(node) }
  }

  /// Removes and returns the nodes of the section that is being built; their values stay known.
  package mutating func takeNodes() -> [Node] {
    var taken: [Node] = []
    if isTraining { updateTrainSection { swap(&$0.nodes, &taken) } } else { swap(&graph.nodes, &taken) }
    return taken
  }

  package mutating func input(_ name: String, _ type: TensorType) -> Value {
    let value = addValue(name, type, .input)
    if isTraining { graph.train?.inputs.append(value) } else { graph.inputs.append(value) }
    return value
  }

  package mutating func parameter(_ name: String, _ type: TensorType, _ source: ParameterSource) -> Value {
    let value = addValue(name, type, .parameter(source))
    graph.parameters.append(value)
    return value
  }

  /// A parameter whose elements are known, under that name, or the first numbered one that is free.
  package mutating func parameter(_ data: TensorData, named stem: String) -> Value {
    var name = stem
    var number = 1
    while isNameTaken(name) {
      number += 1
      name = "\(stem)\(number)"
    }
    return parameter(name, data.type, .data(data))
  }

  package mutating func constant(_ data: TensorData, name: String? = nil) -> Value {
    let value = addValue(name ?? freshName("constant"), data.type, .constant(data))
    graph.constants.append(value)
    return value
  }

  /// A constant of rank 0, for bodies such as `x / 2`.
  package mutating func scalar(_ number: Double, _ element: ElementType = .f32) -> Value {
    constant(TensorData(TensorType(element, []), doubles: [number]))
  }

  package mutating func output(_ name: String, _ value: Value) {
    graph.outputs.append(.init(name: name, value: value))
  }

  package mutating func beginTrainSection() {
    graph.train = graph.train ?? TrainSection()
    isTraining = true
  }

  package mutating func updateTrainSection(_ change: (inout TrainSection) -> Void) {
    if graph.train != nil { change(&graph.train!) }
  }

  /// Gives a value another name, for labels that become known after the value was made.
  package mutating func rename(_ value: Value, to name: String) {
    valuesByName[graph[value].name] = nil
    valuesByName[name] = value
    graph[value].name = name
  }

  private mutating func addValue(_ name: String, _ type: TensorType, _ source: ValueInfo.Source) -> Value {
    let value = Value(index: graph.values.count)
    valuesByName[name] = value
    graph.values.append(ValueInfo(name: name, type: type, source: source, range: range))
    return value
  }
}
