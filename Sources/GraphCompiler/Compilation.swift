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
  /// Before the program passes.
  private let lowered: Program
  /// One for each kind of registers; they read the same parameters and work in one arena.
  package let programs: [Program]
  package let dumps: [Dump]

  package var program: Program { programs[0] }

  /// - Parameters:
  ///   - registers: for which there will be programs; the first one is dumped.
  ///   - threads: the most that a run may be shared among.
  ///   - largestWinogradError: see `Program.largestWinogradError`.
  ///   - weightElement: how weights are stored, f32 or f16.
  ///   - tuning: what was measured to be faster than what passes choose by themselves.
  /// - Throws: the mistakes of a pass; that a weight is too large to be stored so.
  package init(
    _ source: Graph, registers: [VectorRegisters] = [.widest], threads: Int = 1, largestWinogradError: Double = .infinity,
    weightElement: ElementType = .f32, tuning: Tuning = Tuning(), dumping selection: DumpSelection = .none
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
    lowered.weightElement = weightElement
    lowered.tuning = tuning
    if selection.contains(PassTable.lowering) {
      dumps.append(Dump(pass: PassTable.lowering, text: "// after \(PassTable.lowering)\n\(lowered.text)"))
    }
    lowered.registers = registers[0]
    self.lowered = lowered
    let first = try PassRunner.programs.run(ProgramPipeline.passes, on: lowered) { step in
      if let text = step.dump(selection, text: \.text) {
        dumps.append(Dump(pass: step.pass.name, text: text))
      }
    }
    self.dumps = dumps
    programs = try ProgramPipeline.inOneArena([first] + ProgramPipeline.programs(lowered, for: registers.dropFirst()))
    try first.requireWeightsInRange()
  }

  /// The first program, made anew with other choices.
  package func program(_ tuning: Tuning) throws(CompileError) -> Program {
    var lowered = lowered
    lowered.tuning = tuning
    return try PassRunner.programs.run(ProgramPipeline.passes, on: lowered)
  }

  /// The convolutions that Winograd's algorithm can compute, each once.
  package var tunableConvolutions: [TunableConvolution] { lowered.tunableConvolutions }

  /// Choices of the tuning that are about kernels of this network.
  package var choiceCount: Int {
    if lowered.tuning.isEmpty { return 0 }
    let convolutions = tunableConvolutions.map(\.key)
    let kernels = programs.flatMap { program in program.steps.flatMap(program.tuningKeys(of:)) }
    return Set(convolutions + kernels).intersection(lowered.tuning.choices.keys).count
  }
}

extension Program {
  /// Refuses weights that become infinite when they are stored.
  fileprivate func requireWeightsInRange() throws(CompileError) {
    if weightElement == .f32 { return }
    for buffer in buffers where buffer.type.element == weightElement && buffer.role == .parameter {
      guard let weight = buffer.elements?.firstOverflow else { continue }
      throw CompileError(
        "weight-range", "'\(buffer.name)' has the weight \(weight), which is too large for \(weightElement.rawValue)",
        at: .unknown, help: "store weights as f32")
    }
  }
}
