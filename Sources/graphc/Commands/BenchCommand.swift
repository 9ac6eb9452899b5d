import GraphCompiler
import KernelRunner
import SourceText
import TensorFiles

/// `graphc bench`: how fast generated code is on this machine, kernel by kernel.
struct BenchCommand: Command {
  static let spec = CommandSpec(
    "bench", "time generated code, kernel by kernel",
    discussion: [
      "Compiles the network's C, runs it on random inputs, and measures in the same rounds what the machine "
        + "reaches: multiply-adds on registers alone, and reading 64 MB of memory. Times are medians of the "
        + "quiet rounds, whose peak is within 5 % of the best one. The last line is measured as a whole, "
        + "without a clock between the steps.",
      "Operations are those of the equations; Winograd's algorithm does fewer, so that its share of the peak "
        + "can be above 100 %. Bytes are those of the tensors of a step, each read or written once, and of the "
        + "inputs, weights and outputs of the network; a cache can be faster than memory. A step is bound by "
        + "memory if moving its bytes at the speed of memory takes longer than its operations at the peak.",
      "With --train it is one whole step of training, with a learning rate of 0, so that parameters stay as they are.",
    ],
    examples: [
      "graphc bench graphs/lenet5.graph",
      "graphc bench graphs/resnet18.graph --threads 2 --report resnet18-bench",
      "graphc bench graphs/vgg16.graph --no-winograd",
      "graphc bench graphs/lenet5.graph --train --set N=64",
    ],
    positionals: [NetworkFile.positional],
    options: [
      NetworkOptions.set, NetworkOptions.shape, NetworkOptions.weights, BenchSubject.training, BenchOptions.threads,
      BenchOptions.rounds, BenchOptions.seconds, WinogradOptions.forbidden, WinogradOptions.largestError,
      .single("report", "DIR", "write roofline.svg: the steps under the machine's roofs", kind: .folder),
      .flag("json", "report for machines"),
    ])

  let network: NetworkOptions
  let options: BenchOptions
  let folder: String?
  let json: Bool

  init(_ arguments: ParsedArguments) throws(UsageError) {
    network = try NetworkOptions(arguments)
    options = try BenchOptions(arguments)
    folder = arguments.value(of: "report")
    json = arguments.flag("json")
  }

  func run(_ console: Console) throws -> ExitCode {
    // Before the long work: a folder that cannot be written is found now.
    let staged = try folder.map { try StagedFolder($0) }
    let subject = try options.subject(network, console)
    let measurement = try options.measure(subject, console)
    let report = BenchReport(program: subject.program, measurement: measurement, threads: options.build.threads)
    if let staged {
      try staged.write("roofline.svg", text: report.picture.svg)
      try staged.commit()
    }
    try console.print(json ? report.json.text(pretty: true) + "\n" : report.text)
    return .success
  }
}
