import LoopIR
import SourceText

/// Runs a whole graph in double precision by evaluating the equations of its operators, one after the other:
/// what generated code is compared with.
package struct Interpreter: Sendable {
  package let graph: Graph
  /// Selects the random numbers of parameters that have an initializer.
  package let seed: UInt64

  package init(_ graph: Graph, seed: UInt64 = 0) {
    self.graph = graph
    self.seed = seed
  }

  /// What a run computed.
  package struct Results: Sendable {
    /// By the names under which the graph gives them out.
    package var outputs: [String: TensorValues] = [:]
    /// The values that were asked for, by their names in the graph.
    package var values: [String: TensorValues] = [:]
    /// Of the train section, where it was asked for.
    package var loss: TensorValues?
  }

  /// Computes the outputs.
  /// - Parameters:
  ///   - tensors: the inputs by name. A parameter that is named here has these values instead of its own.
  ///   - names: values to be returned as well, wherever they stand in the graph.
  ///   - includingLoss: whether the train section is computed too; then its inputs must be given.
  ///   - code: what earlier runs of this graph built, for who runs it many times.
  /// - Throws: where an input is missing or has another shape than the graph says, or a name is unknown.
  package func run(
    _ tensors: [String: TensorValues], valuesOf names: [String] = [], includingLoss: Bool = false,
    code: InterpreterCode = InterpreterCode()
  ) throws(CompileError) -> Results {
    let wanted = try values(named: names)
    var nodes = graph.nodes
    var roots = graph.outputs.map(\.value) + wanted
    if includingLoss, let train = graph.train {
      nodes += train.nodes
      if let loss = train.loss { roots.append(loss) }
    }
    var run = InterpreterRun(graph: graph, nodes: nodes, roots: roots, code: code)
    for place in nodes.indices {
      for operand in nodes[place].operands { try load(operand, tensors, into: &run) }
      try run.execute(place)
    }
    for root in roots { try load(root, tensors, into: &run) }

    var results = Results()
    for output in graph.outputs { results.outputs[output.name] = run.values[output.value] }
    for value in wanted { results.values[graph[value].name] = run.values[value] }
    if includingLoss { results.loss = graph.train?.loss.flatMap { run.values[$0] } }
    return results
  }

  private func values(named names: [String]) throws(CompileError) -> [Value] {
    var found: [Value] = []
    for name in names {
      guard let index = graph.values.firstIndex(where: { $0.name == name }) else {
        let help = suggestion(for: name, among: graph.values.map(\.name)).map { "did you mean '\($0)'?" }
        throw CompileError("unknown-value", "no value is named '\(name)'", at: .unknown, help: help)
      }
      found.append(Value(index: index))
    }
    return found
  }

  /// Brings an input, a parameter or a constant into the run, unless it is there.
  private func load(
    _ value: Value, _ tensors: [String: TensorValues], into run: inout InterpreterRun
  ) throws(CompileError) {
    if run.values[value] != nil { return }
    let info = graph[value]
    if let given = tensors[info.name], info.source != .node {
      guard given.shape == info.type.shape else {
        throw CompileError(
          "input-shape", "expected \(info.type) for '\(info.name)', found shape \(given.shape)",
          at: info.range)
      }
      run.values[value] = given
      return
    }
    switch info.source {
    case .constant(let data), .parameter(.data(let data)):
      run.values[value] = TensorValues(data)
    case .parameter(.initializer(let initializer)):
      run.values[value] = TensorValues(initializer.sample(info.type, name: info.name, seed: seed))
    case .input:
      throw CompileError("missing-input", "no values are given for input '\(info.name)'", at: info.range)
    case .node:
      throw CompileError("unknown-value", "'\(info.name)' belongs to the train section", at: info.range)
    }
  }
}

extension TensorValues {
  package init(_ data: TensorData) {
    self.init(shape: data.type.shape, values: data.doubles)
  }
}
