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
  /// Whether it is the training step that counts.
  let trains: Bool
  let rounds: Int
  let seconds: Double

  init(_ arguments: ParsedArguments) throws(UsageError) {
    build = BuildOptions(
      threads: try arguments.threads(default: 1), largestWinogradError: try arguments.largestWinogradError())
    trains = arguments.flag(BenchSubject.training.name)
    rounds = try arguments.integer(of: Self.rounds.name, in: 1...100_000) ?? 15
    let text = arguments.value(of: Self.seconds.name) ?? "20"
    guard let seconds = Double(text), seconds.isFinite, seconds > 0 else {
      throw UsageError("option '--seconds' wants a number above 0, found '\(text)'", at: arguments.path)
    }
    self.seconds = seconds
  }

  /// Compiles the network, tuned as it was before, or its training step.
  func subject(_ network: NetworkOptions, _ console: Console) throws -> BenchSubject {
    let file = try NetworkFile(path: network.path)
    let graph = try network.load(file).graph
    try MemoryCheck.requireParameters(of: graph)
    let tuned = try trains ? build : build.tuned(for: network)
    return try console.progress("compiling \(file.name)\(trains ? " with training" : "")") {
      try BenchSubject(graph, tuned, trains: trains)
    }
  }

  /// Runs the code on random inputs, and measures it and the machine.
  func measure(_ subject: BenchSubject, _ console: Console) throws -> Measurement {
    let program = subject.program
    try MemoryCheck.requireRun(of: program)
    let network = try console.progress("compiling the C of graph \(program.name)") { try subject.profiled() }
    return console.progress("measuring graph \(program.name)") {
      network.measure(rounds: rounds, seconds: seconds)
    }
  }
}
