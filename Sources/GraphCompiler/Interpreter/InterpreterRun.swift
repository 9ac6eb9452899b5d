import LoopIR
import SourceText

/// The values of one run of the interpreter, each kept until its last use.
struct InterpreterRun {
  var values: [Value: TensorValues] = [:]
  private let graph: Graph
  private let nodes: [Node]
  private let code: InterpreterCode
  /// For every node, the operands that nobody needs after it.
  private let lastUses: [[Value]]

  init(graph: Graph, nodes: [Node], roots: [Value], code: InterpreterCode) {
    self.graph = graph
    self.nodes = nodes
    self.code = code
    var kept = Set(roots)
    var lastUses = [[Value]](repeating: [], count: nodes.count)
    for (place, node) in nodes.enumerated().reversed() {
      for value in node.operands + node.results where kept.insert(value).inserted {
        lastUses[place].append(value)
      }
    }
    self.lastUses = lastUses
  }

  /// Computes the results of a node; its operands are there.
  mutating func execute(_ place: Int) throws(CompileError) {
    let node = nodes[place]
    if let composite = node.op as? any CompositeOp {
      try execute(composite, node)
    } else if let primitive = node.op as? any PrimitiveOp {
      execute(primitive, place)
    } else {
      preconditionFailure("'\(type(of: node.op).name)' has neither equations nor a body")
    }
    for value in lastUses[place] { values[value] = nil }
  }

  private mutating func execute(_ op: some PrimitiveOp, _ place: Int) {
    let node = nodes[place]
    let results = node.results.map(tensor)
    let equations = code.equations(of: place) { op.equations(node.operands.map(tensor), results) }
    var tensors: [String: TensorValues] = [:]
    for operand in node.operands { tensors[tensor(operand).name] = values[operand] }
    for (name, equation) in equations { tensors[name] = equation.evaluate(tensors) }
    for (value, result) in zip(node.results, results) {
      guard let computed = tensors[result.name] else {
        preconditionFailure("'\(type(of: op).name)' has no equation for one of its results")
      }
      values[value] = computed
    }
  }

  /// Runs the body of a composite as a graph of its own.
  private mutating func execute(_ op: some CompositeOp, _ node: Node) throws(CompileError) {
    var builder = GraphBuilder(name: "body")
    let inputs = node.operands.map { builder.input(builder.freshName("x"), graph.type(of: $0)) }
    let outputs: [Value]
    do {
      outputs = try op.expand(&builder, inputs)
    } catch {
      throw CompileError(
        "expansion", "'\(type(of: op).name)' has no body here: \(error.message)", at: node.range,
        help: error.help)
    }
    var tensors: [String: TensorValues] = [:]
    for (input, operand) in zip(inputs, node.operands) {
      tensors[builder.graph[input].name] = values[operand]
    }
    for (place, output) in outputs.enumerated() { builder.output("y\(place)", output) }
    let body = try Interpreter(builder.graph).run(tensors)
    for (place, result) in node.results.enumerated() { values[result] = body.outputs["y\(place)"] }
  }

  private func tensor(_ value: Value) -> Tensor {
    let type = graph.type(of: value)
    return Tensor("%\(value.index)", type.element, type.shape)
  }
}
