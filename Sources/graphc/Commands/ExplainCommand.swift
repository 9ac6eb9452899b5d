import GraphCompiler
import KernelRunner
import SourceText

/// `graphc explain`: what each kernel computes, by which loops, and what bounds it.
struct ExplainCommand: Command {
  static let spec = CommandSpec(
    "explain", "show loops, predicted time and bound of each kernel",
    discussion: [
      "For each kernel: the lines of the graph that it implements, its tensors and equations, its loop nest in a few "
        + "lines, and how long it takes at least. The prediction is the larger of two times: operations at "
        + "\(Quantities.fixed(MachineModel.usual.peak, 0)) GFLOP/s, and bytes at "
        + "\(Quantities.fixed(MachineModel.usual.cacheBandwidth, 0)) GB/s from the cache beside the core or "
        + "\(Quantities.fixed(MachineModel.usual.memoryBandwidth, 0)) GB/s from memory: one core with AVX-512. "
        + "Winograd's kernels are taken to do the multiplications of their products only.",
      "With --train, the kernels are those of one step of training. With --measure, the times that 'bench' finds on "
        + "this machine stand beside.",
    ],
    examples: [
      "graphc explain graphs/lenet5.graph",
      "graphc explain graphs/lenet5.graph --kernel conv_tanh_2 --measure",
    ],
    positionals: [NetworkFile.positional],
    options: [
      NetworkOptions.set, NetworkOptions.shape, NetworkOptions.weights,
      .single("kernel", "NAME", "explain this kernel only"),
      BenchSubject.training, .flag("measure", "measure the kernels too"), BenchOptions.threads, BenchOptions.rounds,
      BenchOptions.seconds, WinogradOptions.forbidden, WinogradOptions.largestError,
      .flag("json", "report for machines"),
    ])

  let network: NetworkOptions
  let kernel: String?
  let measures: Bool
  let options: BenchOptions
  let json: Bool

  init(_ arguments: ParsedArguments) throws(UsageError) {
    network = try NetworkOptions(arguments)
    kernel = arguments.value(of: "kernel")
    measures = arguments.flag("measure")
    options = try BenchOptions(arguments)
    json = arguments.flag("json")
  }

  func run(_ console: Console) throws -> ExitCode {
    let subject = try options.subject(network, console)
    let kernels = try selected(KernelExplanation.all(subject.program))
    let measurement = measures ? try options.measure(subject, console) : nil
    let report = ExplainReport(name: subject.program.name, kernels: kernels, measurement: measurement)
    try console.print(json ? report.json.text(pretty: true) + "\n" : report.text)
    return .success
  }

  private func selected(_ all: [KernelExplanation]) throws(CompileError) -> [KernelExplanation] {
    guard let kernel else { return all }
    let found = all.filter { $0.name == kernel }
    if !found.isEmpty { return found }
    let names = all.map(\.name)
    let help = didYouMean(kernel, among: names)
    throw CompileError(
      "no-such-kernel", "the network has no kernel '\(kernel)'", at: .unknown,
      help: help ?? "'graphc explain \(network.path)' names all")
  }
}
