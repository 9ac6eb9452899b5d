import GraphCompiler
import KernelRunner
import LoopIR
import SourceText
import TensorFiles

/// `graphc compile --tune`: measures a network's kernels on this machine, and writes what is faster beside it.
struct NetworkTuning {
  let file: TuningFile
  let build: BuildOptions

  /// The choices of a file, and where they come from.
  struct Result {
    /// Without its folder.
    let file: String
    let tuning: Tuning
    /// Of a measurement that was made now.
    let outcome: Tuner.Outcome?

    func report(_ compilation: Compilation) -> CompileReport.TuningPart {
      CompileReport.TuningPart(file: file, choiceCount: compilation.choiceCount, outcome: outcome)
    }
  }

  /// - Parameters:
  ///   - targets: for which processors code is written; the best that this machine has is measured.
  init(
    _ file: TuningFile, targets: [InstructionSet], largestWinogradError: Double, weightElement: ElementType
  ) throws(CompileError) {
    let names = targets.map(\.name)
    guard let name = HostProcessor.instructionSets.first(where: names.contains) else {
      throw CompileError(
        "no-such-processor", "this processor has none of \(names.joined(separator: ", ")), so that nothing can be measured",
        at: .unknown, kind: .unsupported, help: "it has \(HostProcessor.instructionSets.joined(separator: ", "))")
    }
    self.file = file
    build = BuildOptions(
      instructionSet: name, weightElement: weightElement, largestWinogradError: largestWinogradError)
  }

  /// Choices about kernels that are not in the network, such as those for other processors, stay in the file.
  func run(_ graph: Graph, _ console: Console) throws -> Result {
    // Before the long work: what is wrong with the file is found now.
    try requireWritable(file.path)
    var tuning = try file.read() ?? Tuning()
    var tuner = try console.progress("compiling graph \(graph.name)") { try Tuner(graph, build) }
    try MemoryCheck.requireRun(of: tuner.program)
    for word in TuningWord.allCases {
      try console.progress("measuring graph \(graph.name): \(word.rawValue)") { try tuner.measure(word) }
    }
    let known = try tuner.keys
    let outcome = try console.progress("measuring graph \(graph.name) with all choices") { try tuner.finish() }
    let replaced = known.union(try tuner.keys)
    tuning.choices = tuning.choices.filter { !replaced.contains($0.key) }.merging(tuner.tuning.choices) { $1 }
    try file.write(tuning, [remark(graph, outcome)])
    return Result(file: file.name, tuning: tuning, outcome: outcome)
  }

  private func remark(_ graph: Graph, _ outcome: Tuner.Outcome) -> String {
    let machine = "on one thread of a processor with \(build.instructionSet)"
    let before = "\(Quantities.fixed(outcome.before, 1)) us"
    if !outcome.isFaster { return "Nothing was found for \(graph.name), \(before) a run \(machine)." }
    return "\(graph.name): \(Quantities.fixed(outcome.now, 1)) us a run instead of \(before), \(machine)."
  }
}
