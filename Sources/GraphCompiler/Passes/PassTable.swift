import LoopIR
import SourceText

/// Every pass by its name, whatever it works on, for `graphc opt`.
package enum PassTable {
  /// The step between the passes on graphs and those on programs.
  package static let lowering = "lower"

  /// In the order in which a compilation runs them; the passes on kernels alone come last.
  package static let names =
    Pipeline.graphPasses.map(\.name) + [lowering] + ProgramPipeline.passes.map(\.name)
    + kernelPasses.map(\.name)

  static let kernelPasses = [applySchedules]

  /// - Throws: what the pass says, or that it does not work on this; no pass of that name is a bug of the
  ///   caller.
  package static func run(
    _ name: String, on input: Representation
  ) throws(CompileError) -> Representation {
    switch input {
    case .graph(let graph):
      if name == lowering { return .program(try lower(graph)) }
      if let pass = Pipeline.graphPass(named: name) {
        return .graph(try PassRunner.graphs.run([pass], on: graph))
      }
    case .program(let program):
      if let pass = ProgramPipeline.passes.first(where: { $0.name == name }) {
        return try Representation.program(try pass(program)).checked(after: name)
      }
    case .kernels(let kernels):
      if let pass = kernelPasses.first(where: { $0.name == name }) {
        return try Representation.kernels(try pass(kernels)).checked(after: name)
      }
    }
    throw mismatch(name, input)
  }

  private static func mismatch(_ name: String, _ input: Representation) -> CompileError {
    let wanted: String
    var help: String?
    if ProgramPipeline.passes.contains(where: { $0.name == name }) {
      wanted = "a program"
      if case .graph = input { help = "run 'expand-composites' and '\(lowering)' before" }
    } else if kernelPasses.contains(where: { $0.name == name }) {
      wanted = "kernels"
    } else {
      wanted = "a graph"
    }
    return CompileError(
      "pass-input", "expected \(wanted) for pass '\(name)', found \(input.kind)", at: .unknown, help: help)
  }

  /// A graph as a program, one kernel a group; a group of its own for each node that has none.
  private static func lower(_ graph: Graph) throws(CompileError) -> Program {
    let composites = graph.nodes.filter { !($0.op is any PrimitiveOp) }
    let mistakes = composites.map { node in
      Diagnostic(
        .error, "lower-composite", "expected operators with equations, found '\(type(of: node.op).name)'",
        at: node.range, help: "run 'expand-composites' before")
    }
    if let error = CompileError(mistakes) { throw error }
    return lowerToProgram(graph)
  }
}
