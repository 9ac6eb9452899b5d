import GraphCompiler
import SourceText

/// `--grad-of LOSS --wrt NAME,...`: which gradients a run computes.
struct GradientRequest {
  let loss: String
  let targets: [String]

  /// nil where none are asked for.
  init?(_ arguments: ParsedArguments) throws(UsageError) {
    let targets = arguments.values(of: "wrt")
    guard let loss = arguments.value(of: "grad-of") else {
      if targets.isEmpty { return nil }
      throw UsageError("option '--wrt' wants '--grad-of LOSS' with it", at: arguments.path)
    }
    if targets.isEmpty {
      throw UsageError("option '--grad-of' wants '--wrt NAME,...' with it", at: arguments.path)
    }
    self.loss = loss
    self.targets = targets
  }

  /// Adds an output `grad.NAME` for every target.
  func add(to graph: inout Graph, _ names: inout ExternalNames) throws(CompileError) {
    for target in targets { try requireDifferentiable(target, graph, names) }
    let requests = targets.map { target in
      (name: names.inGraph(target), output: "\(names.inGraph(target)).grad")
    }
    let before = graph.outputs.count
    graph = try graph.addingGradients(of: names.inGraph(loss), by: requests)
    for (output, target) in zip(graph.outputs[before...], targets) {
      names.setOutput("grad.\(target)", output.name)
    }
  }

  private func requireDifferentiable(
    _ target: String, _ graph: Graph, _ names: ExternalNames
  ) throws(CompileError) {
    let name = names.inGraph(target)
    guard let info = graph.values.first(where: { $0.name == name }) else { return }
    if !info.type.element.isFloatingPoint {
      throw CompileError(
        "no-gradient", "'\(target)' has elements of type \(info.type.element), which have no gradient",
        at: info.range)
    }
  }
}
