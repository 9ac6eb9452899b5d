import LoopIR

/// The contract of `Graph`. Each clause is one check below; a violation names the value that breaks it.
///
/// 1. *Names.* The graph is named by a word, values by dotted paths, as the `.graph` language reads them. No
///    two values share a name.
/// 2. *Definitions.* Every value that is mentioned is in the table of values, and defined exactly once: as an
///    input, a parameter, a constant, an input of training, or a result of one node. Its `source` says the
///    same.
/// 3. *Order.* Nodes use only values defined before them. Nodes of the graph use nothing of the train
///    section.
/// 4. *Types.* No extent is negative, no tensor larger than `TensorType.byteLimit`. The attributes of a node
///    are written out, and its results have the types of its type rule.
/// 5. *Elements.* Known elements have the type of their value and are as many as its shape says.
/// 6. *Kernels.* Nodes of one group stand together, in one section.
/// 7. *Outputs.* There is at least one. Their names are paths and differ; an output named like a value is
///    that value. Outputs come from outside of the train section.
/// 8. *Training.* The loss is a single floating-point number. There is at most one `with` and one `schedule`;
///    every path of a `freeze` means a parameter.
package enum GraphVerifier {
  /// One sentence for each violation, in the order of the clauses; empty for a sound graph.
  package static func violations(_ graph: Graph) -> [String] {
    var check = GraphCheck(graph)
    return check.run()
  }
}

struct GraphCheck {
  let graph: Graph
  private(set) var violations: [String] = []
  /// How often each value is defined.
  private var definitions: [Int]

  init(_ graph: Graph) {
    self.graph = graph
    definitions = [Int](repeating: 0, count: graph.values.count)
  }

  mutating func run() -> [String] {
    checkMentioned()
    // Without a table entry for every value the other clauses mean nothing.
    guard violations.isEmpty else { return violations }
    checkNames()
    checkDefinitions()
    checkOrder()
    checkDeclaredTypes()
    for node in graph.nodes + trainNodes { checkTypes(of: node) }
    checkElements()
    checkKernels()
    checkOutputs()
    checkTraining()
    return violations
  }

  mutating func add(_ violation: String) { violations.append(violation) }

  var trainNodes: [Node] { graph.train?.nodes ?? [] }

  func name(_ value: Value) -> String { "'\(graph[value].name)'" }

  private var declared: [Value] {
    graph.inputs + graph.parameters + graph.constants + (graph.train?.inputs ?? [])
  }

  private var mentioned: [Value] {
    let used = (graph.nodes + trainNodes).flatMap { $0.operands + $0.results }
    let kept = graph.outputs.map(\.value) + (graph.train?.loss.map { [$0] } ?? [])
    return declared + used + kept
  }

  // MARK: 1 and 2

  private mutating func checkMentioned() {
    for value in mentioned where !graph.values.indices.contains(Int(value.index)) {
      add("value \(value.index) is not in the table of \(graph.values.count) values")
    }
  }

  private mutating func checkNames() {
    if !graph.name.isGraphName { add("the graph's name '\(graph.name)' is not a word") }
    var owners: [String: Value] = [:]
    for value in mentioned {
      let name = graph[value].name
      if let owner = owners.updateValue(value, forKey: name) {
        if owner != value { add("two values are named '\(name)'") }
      } else if !name.isValuePath {
        add("'\(name)' is not a path")
      }
    }
  }

  private mutating func checkDefinitions() {
    define(graph.inputs, "an input") { $0 == .input }
    define(graph.train?.inputs ?? [], "an input of training") { $0 == .input }
    define(graph.parameters, "a parameter") {
      if case .parameter = $0 { true } else { false }
    }
    define(graph.constants, "a constant") {
      if case .constant = $0 { true } else { false }
    }
    for node in graph.nodes + trainNodes { define(node.results, "a result") { $0 == .node } }
    for (place, count) in definitions.enumerated() where count > 1 {
      add("'\(graph.values[place].name)' is defined \(count) times")
    }
    var reported: Set<Value> = []
    for value in mentioned where definitions[Int(value.index)] == 0 && reported.insert(value).inserted {
      add("\(name(value)) is used but not defined")
    }
  }

  private mutating func define(_ values: [Value], _ role: String, _ isRight: (ValueInfo.Source) -> Bool) {
    for value in values {
      definitions[Int(value.index)] += 1
      if !isRight(graph[value].source) {
        add("\(name(value)) is listed as \(role), but says that it is something else")
      }
    }
  }

  // MARK: 3

  private mutating func checkOrder() {
    var known = Set(graph.inputs + graph.parameters + graph.constants)
    checkOrder(graph.nodes, &known)
    known.formUnion(graph.train?.inputs ?? [])
    checkOrder(trainNodes, &known)
  }

  private mutating func checkOrder(_ nodes: [Node], _ known: inout Set<Value>) {
    for node in nodes {
      for operand in node.operands where !known.contains(operand) && definitions[Int(operand.index)] > 0 {
        let user = node.results.first.map { name($0) } ?? "a node"
        add("\(name(operand)) is used by \(user) before it is defined")
      }
      known.formUnion(node.results)
    }
  }

  // MARK: 4 and 5

  private mutating func checkDeclaredTypes() {
    for value in declared {
      let type = graph.type(of: value)
      if !type.isRepresentable { add("\(name(value)) is negative or too large, \(type)") }
    }
  }

  private mutating func checkTypes(of node: Node) {
    let label = node.results.first.map { name($0) } ?? "a '\(type(of: node.op).name)'"
    do throws(OpError) {
      let (resolved, types) = try GraphBuilder.typed(node.op, graph.types(of: node.operands))
      if !resolved.isEqual(to: node.op) { add("the attributes of \(label) are not written out") }
      if types.count != node.results.count {
        add("\(label) has \(node.results.count) results, its type rule gives \(types.count)")
      }
      for (value, expected) in zip(node.results, types) where graph.type(of: value) != expected {
        add("\(name(value)) is \(graph.type(of: value)), its type rule gives \(expected)")
      }
      for type in types where !type.isRepresentable { add("\(label) is too large, \(type)") }
    } catch {
      add("\(label) does not type: \(error.message)")
    }
  }

  private mutating func checkElements() {
    for value in graph.parameters + graph.constants {
      guard let data = graph[value].data else { continue }
      let type = graph.type(of: value)
      if data.type != type { add("\(name(value)) is \(type), its elements are \(data.type)") }
      if !data.isComplete { add("the elements of \(name(value)) do not fill \(data.type)") }
    }
  }
}

extension TensorData {
  /// Whether the storage is of the kind and count of the type.
  fileprivate var isComplete: Bool {
    guard type.isRepresentable, storage.count == type.count else { return false }
    switch storage {
    case .f32: return type.element.isFloatingPoint && type.element != .f64
    case .f64: return type.element == .f64
    case .integers: return !type.element.isFloatingPoint
    case .stored(let tensor): return Self.canStay(tensor, as: type.element)
    }
  }
}
