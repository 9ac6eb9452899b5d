import GraphCompiler
import KernelRunner

/// How a network is compiled to be measured, and how long that may take.
struct BenchOptions {
  static let threads = OptionSpec.single(
    "threads", "N", "share the work among threads", default: "1")
  static let rounds = OptionSpec.single("rounds", "N", "measure at most so often", default: "15")
  static let seconds = OptionSpec.single(
    "seconds", "S", "begin no round after so many seconds", default: "20")

  let build: BuildOptions
  let rounds: Int
  let seconds: Double

  init(_ arguments: ParsedArguments) throws(UsageError) {
    build = BuildOptions(
      threads: try arguments.threads(default: 1), largestWinogradError: try arguments.largestWinogradError())
    rounds = try arguments.integer(of: Self.rounds.name, in: 1...100_000) ?? 15
    let text = arguments.value(of: Self.seconds.name) ?? "20"
    guard let seconds = Double(text), seconds.isFinite, seconds > 0 else {
      throw UsageError("option '--seconds' wants a number above 0, found '\(text)'", at: arguments.path)
    }
    self.seconds = seconds
  }

  /// Runs the program on random inputs, and measures it and the machine.
  func measure(_ program: Program, of graph: Graph, _ console: Console) throws -> Measurement {
    try MemoryCheck.requireRun(of: program)
    let inputs = Verification.randomInputs(graph, seed: 1)
    let bytes = program.buffers.filter { $0.role == .input }.map { inputs[$0.name]?.bytes ?? [] }
    let network = try console.progress("compiling the C of graph \(graph.name)") {
      try ProfiledNetwork(program, inputs: bytes, build)
    }
    return console.progress("measuring graph \(graph.name)") {
      network.measure(rounds: rounds, seconds: seconds)
    }
  }
}
