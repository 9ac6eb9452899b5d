import GraphCompiler
import LoopIR
import SourceText

/// How generated C is compiled to be run on this machine.
package struct BuildOptions: Sendable, Hashable {
  /// An option such as `-O2`; nil chooses by what a run computes, see `optimization(forOperations:)`.
  package var optimization: String?
  /// Which family of processors the kernels are compiled for; one of `HostProcessor.instructionSets`.
  package var instructionSet: String
  /// The code runs in a process of its own, which ends at the first stray access or undefined operation.
  package var sanitizes: Bool
  /// Threads that share the work.
  package var threads: Int
  /// How weights are stored: f32 or f16.
  package var weightElement: ElementType
  /// See `Program.largestWinogradError`.
  package var largestWinogradError: Double
  /// What was measured to be faster than what the compiler chooses by itself.
  package var tuning: Tuning

  package init(
    optimization: String? = nil, instructionSet: String = HostProcessor.instructionSet,
    sanitizes: Bool = false, threads: Int = 1, weightElement: ElementType = .f32,
    largestWinogradError: Double = .infinity, tuning: Tuning = Tuning()
  ) {
    self.optimization = optimization
    self.instructionSet = instructionSet
    self.sanitizes = sanitizes
    self.weightElement = weightElement
    self.threads = min(max(1, threads), Program.mostThreads)
    self.largestWinogradError = largestWinogradError
    self.tuning = tuning
  }

  /// The family of processors.
  package var target: InstructionSet {
    guard let target = InstructionSet.named(instructionSet) else {
      preconditionFailure("there is no instruction set '\(instructionSet)'")
    }
    return target
  }

  /// The network as code for these processors and threads.
  package func program(_ graph: Graph) throws(CompileError) -> Program {
    try compilation(graph).program
  }

  func compilation(_ graph: Graph) throws(CompileError) -> Compilation {
    try Compilation(
      graph, registers: [target.registers], threads: threads, largestWinogradError: largestWinogradError,
      weightElement: weightElement, tuning: tuning)
  }

  /// The C of a program that was made for these processors. Others could compile it, but gcc keeps vectors that are wider
  /// than a register in memory.
  func bundle(_ program: Program) -> SourceBundle {
    precondition(
      program.registers == target.registers, "'\(program.name)' is for other registers than those of \(instructionSet)")
    return SourceBundle([program], SourceBundle.Options(sourceName: "\(program.name).graph", targets: [target]))
  }

  /// Runs of fewer operations are shorter than the 60 ms that the C compiler takes longer for -O1, for a single layer.
  static let fewOperations = 2_000_000
  /// Runs of fewer operations take about a second however they are compiled, and the C compiler takes three times as long
  /// for -O2, which is ten seconds for a large network.
  private static let manyOperations = 20_000_000_000

  /// The level for code that will do so many operations in all.
  func optimization(forOperations count: Int) -> String {
    optimization ?? (count < Self.fewOperations ? "-O0" : count < Self.manyOperations ? "-O1" : "-O2")
  }
}
