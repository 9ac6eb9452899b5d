import LoopIR
import SourceText

/// The network as training runs it, and new elements for its running statistics. Operators that do something else in
/// training become their other form:
///
///     y = batch_norm(x, …, y.mean, y.variance)    →    y, m, v = batch_norm_training(x, …, y.mean, y.variance)
///     y = dropout(x)                              →    y = dropout_training(x, step, stream: "y")
///
/// A layer whose statistics are frozen, or no parameters, stays as it is: it normalizes as the trained network does.
/// - Parameter counter: the name of the state that counts the steps.
func trainingMode(
  _ graph: Graph, seed: UInt64, counter: String = TrainingPlan.stepState
) throws(CompileError) -> (graph: Graph, updates: [(parameter: Value, value: Value)]) {
  var mode = TrainingMode(graph, seed: seed, counter: counter)
  let nodes = try mode.forms(of: graph.nodes)
  let trainNodes = try mode.forms(of: graph.train?.nodes ?? [])
  var result = mode.builder.graph
  result.nodes = nodes
  result.train?.nodes = trainNodes
  return (result, mode.updates)
}

private struct TrainingMode {
  /// Holds the values made so far; its nodes are taken away as soon as they are made.
  var builder: GraphBuilder
  private(set) var updates: [(parameter: Value, value: Value)] = []
  private let section: TrainSection?
  private let seed: UInt64
  private let counter: String

  init(_ graph: Graph, seed: UInt64, counter: String) {
    self.counter = counter
    section = graph.train
    self.seed = seed
    builder = GraphBuilder(continuing: graph)
    _ = builder.takeNodes()
  }

  mutating func forms(of nodes: [Node]) throws(CompileError) -> [Node] {
    var forms: [Node] = []
    for node in nodes { forms.append(try form(of: node)) }
    return forms
  }

  private mutating func form(of node: Node) throws(CompileError) -> Node {
    let name = builder.graph[node.results[0]].name
    let statistics = node.statistics
    guard let variant = node.op as? any TrainingVariant,
      let form = variant.trainingForm(RandomBits(seed: seed, stream: name)),
      statistics.allSatisfy(isUpdated)
    else { return node }
    let operands = node.operands.map(newest) + (form.countsSteps ? [step()] : [])
    builder.range = node.range
    builder.scope = name
    defer { builder.scope = nil }
    let results: [Value]
    do throws(OpError) {
      results = try builder.apply(form.op, operands)
    } catch {
      throw CompileError(
        "operand-mismatch", error.message, at: node.range, kind: error.kind, help: error.help)
    }
    guard var made = builder.takeNodes().last else { preconditionFailure("a node that was made is gone") }
    made.results = node.results + results.dropFirst(node.results.count)
    made.group = node.group
    for (statistic, value) in zip(statistics, results.dropFirst(node.results.count)) {
      update(statistic, to: value)
    }
    return made
  }

  /// Whether a statistic changes in training.
  private func isUpdated(_ value: Value) -> Bool {
    guard case .parameter = builder.graph[value].source else { return false }
    return section?.isFrozen(builder.graph[value].name) != true
  }

  /// The number of steps done, which the state of training holds.
  private mutating func step() -> Value {
    builder.value(named: counter) ?? builder.parameter(counter, TensorType(.i64, []), .initializer(.zeros))
  }

  /// Statistics of a layer that is used twice change twice.
  private func newest(_ value: Value) -> Value {
    updates.first { $0.parameter == value }?.value ?? value
  }

  private mutating func update(_ statistic: Value, to value: Value) {
    if let place = updates.firstIndex(where: { $0.parameter == statistic }) {
      updates[place].value = value
    } else {
      updates.append((statistic, value))
    }
  }
}

extension Node {
  /// Operands that are statistics of the data.
  var statistics: [Value] {
    zip(operands, Swift.type(of: op).operands).compactMap { $1.isStatistic ? $0 : nil }
  }
}
