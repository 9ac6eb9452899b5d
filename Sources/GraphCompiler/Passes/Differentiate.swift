import LoopIR
import SourceText

/// Reverse-mode differentiation: appends to a graph the nodes that compute the gradients of a scalar.
///
/// Gradients are more graph: operators with a rule use it, all other primitives become `adjoint`, composites must be
/// expanded before. Only what leads from the loss to the values asked for is computed.
package struct Differentiation {
  private var builder: GraphBuilder
  /// Nodes in execution order: those of the network and those of the loss.
  private let nodes: [Node]
  /// Values through which the loss depends on the values asked for.
  private var active: Set<Value> = []
  /// Gradients that arrived at a value; they add up.
  private var arrived: [Value: [Value]] = [:]

  private init(_ builder: GraphBuilder, _ nodes: [Node]) {
    self.builder = builder
    self.nodes = nodes
  }

  /// The gradient of the loss by each value; nil for values on which it does not depend.
  /// - Parameters:
  ///   - loss: floating point, one element.
  ///   - builder: goes on behind the nodes; the new ones go to the section that it builds.
  package static func gradients(
    of loss: Value, by targets: [Value], through nodes: [Node], _ builder: inout GraphBuilder
  ) throws(CompileError) -> [Value?] {
    var run = Differentiation(builder, nodes)
    run.markActive(targets)
    let gradients: [Value?]
    do throws(OpError) {
      gradients = try run.run(loss, targets)
    } catch {
      throw CompileError("no-gradient", error.message, at: builder.range, kind: error.kind, help: error.help)
    }
    builder = run.builder
    return gradients
  }

  private mutating func markActive(_ targets: [Value]) {
    active = Set(targets)
    for node in nodes where node.operands.contains(where: active.contains) {
      active.formUnion(node.results.filter { builder.type(of: $0).element.isFloatingPoint })
    }
  }

  private mutating func run(_ loss: Value, _ targets: [Value]) throws(OpError) -> [Value?] {
    let type = builder.type(of: loss)
    guard type.count == 1, type.element.isFloatingPoint else {
      throw OpError("a gradient is taken of one floating-point number, found \(type)")
    }
    if active.contains(loss) {
      let one = builder.scalar(1, type.element)
      arrived[loss] = [type.rank == 0 ? one : try builder.apply(Expand(shape: type.shape), one)]
    }
    for node in nodes.reversed() { try pull(node) }
    var gradients: [Value?] = []
    for target in targets { gradients.append(try gradient(of: target)) }
    return gradients
  }

  /// The sum of all that arrived at a value.
  private mutating func gradient(of value: Value) throws(OpError) -> Value? {
    guard let parts = arrived[value] else { return nil }
    builder.scope = "\(builder.graph[value].name).grad"
    defer { builder.scope = nil }
    var total = parts[0]
    for part in parts.dropFirst() { total = try builder.apply(Add(), total, part) }
    arrived[value] = [total]
    return total
  }

  private mutating func pull(_ node: Node) throws(OpError) {
    let isWanted = node.operands.map { active.contains($0) }
    guard isWanted.contains(true), node.results.contains(where: { arrived[$0] != nil }) else { return }
    var cotangents: [Value?] = []
    for result in node.results { cotangents.append(try gradient(of: result)) }
    let use = DifferentiatedUse(
      operands: node.operands, results: node.results, cotangents: cotangents, isWanted: isWanted)
    builder.scope = "\(builder.graph[node.results[0]].name).grad"
    builder.range = node.range
    defer { builder.scope = nil }
    let gradients: [Value?]
    if let rule = node.op as? any PullbackRule {
      gradients = try rule.pullback(&builder, use)
    } else {
      gradients = try derived(node, use)
    }
    for (operand, gradient) in zip(node.operands, gradients) where active.contains(operand) {
      if let gradient { arrived[operand, default: []].append(gradient) }
    }
  }

  /// Gradients from the operator's equations.
  private mutating func derived(_ node: Node, _ use: DifferentiatedUse) throws(OpError) -> [Value?] {
    guard node.op is any PrimitiveOp else {
      throw OpError("'\(Swift.type(of: node.op).name)' has no gradient", kind: .unsupported)
    }
    let operation = OperatorUse(
      node.op, builder.graph.types(of: node.operands), builder.graph.types(of: node.results))
    var gradients: [Value?] = []
    for place in node.operands.indices {
      var total: Value?
      for (result, dy) in use.cotangents.enumerated() where use.isWanted[place] {
        guard let dy else { continue }
        guard let value = try builder.adjoint(operation, wrt: place, result: result, dy, node.operands) else { continue }
        total = try total.map { sum throws(OpError) in try builder.apply(Add(), sum, value) } ?? value
      }
      gradients.append(total)
    }
    return gradients
  }
}

extension Graph {
  /// The graph with an output for the gradient of a value by each target, in the target's shape; 0 where the loss does
  /// not depend on it.
  /// - Parameter targets: inputs, parameters or constants, and what the outputs are called.
  package func addingGradients(
    of lossName: String, by targets: [(name: String, output: String)]
  ) throws(CompileError) -> Graph {
    let expanded = try expandingComposites { !($0 is any PullbackRule) }
    var builder = GraphBuilder(continuing: expanded)
    let loss = try expanded.valueOrOutput(named: lossName)
    var values: [Value] = []
    for target in targets { values.append(try expanded.valueOrOutput(named: target.name)) }
    let gradients = try Differentiation.gradients(of: loss, by: values, through: expanded.nodes, &builder)
    for (place, target) in targets.enumerated() {
      let type = builder.type(of: values[place])
      let zeros = { TensorData(type, doubles: Array(repeating: 0, count: type.count)) }
      let gradient = gradients[place] ?? builder.constant(zeros(), name: builder.freshName("zeros"))
      let name = builder.isNameTaken(target.output) ? builder.freshName("gradient") : target.output
      builder.output(name, gradient)
    }
    return builder.graph
  }

  /// The value or the output of that name.
  private func valueOrOutput(named name: String) throws(CompileError) -> Value {
    if let output = outputs.first(where: { $0.name == name }) { return output.value }
    if let place = values.firstIndex(where: { $0.name == name }) { return Value(index: place) }
    throw CompileError(
      "unknown-value", "no value is named '\(name)'", at: .unknown,
      help: didYouMean(name, among: values.map(\.name)))
  }
}
