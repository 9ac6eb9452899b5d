import LoopIR
import SourceText

/// The way of a network through the compiler: graph passes, lowering, program passes.
package struct Compilation: Sendable {
  /// The representations after a pass, as text, for `--print-after`.
  package struct Dump: Sendable {
    package var pass: String
    package var text: String
  }

  /// After the graph passes: primitives, in groups, in execution order.
  package let graph: Graph
  package let program: Program
  package let dumps: [Dump]

  /// - Parameters:
  ///   - threads: the most that a run may be shared among.
  ///   - largestWinogradError: see `Program.largestWinogradError`.
  package init(
    _ source: Graph, threads: Int = 1, largestWinogradError: Double = .infinity,
    dumping selection: DumpSelection = .none
  ) throws(CompileError) {
    var dumps: [Dump] = []
    graph = try PassRunner.graphs.run(Pipeline.inference, on: source) { step in
      if let text = step.dump(selection, text: \.text) {
        dumps.append(Dump(pass: step.pass.name, text: text))
      }
    }
    var lowered = lowerToProgram(graph)
    lowered.threads = threads
    lowered.largestWinogradError = largestWinogradError
    if selection.contains(PassTable.lowering) {
      dumps.append(Dump(pass: PassTable.lowering, text: "// after \(PassTable.lowering)\n\(lowered.text)"))
    }
    program = try PassRunner.programs.run(ProgramPipeline.passes, on: lowered) { step in
      if let text = step.dump(selection, text: \.text) {
        dumps.append(Dump(pass: step.pass.name, text: text))
      }
    }
    self.dumps = dumps
  }
}
