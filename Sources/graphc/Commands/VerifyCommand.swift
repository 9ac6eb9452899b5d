import GraphCompiler
import KernelRunner
import SourceText

/// `graphc verify`: generated code against the reference interpreter.
struct VerifyCommand: Command {
  static let spec = CommandSpec(
    "verify", "compare generated code with the reference interpreter",
    discussion: [
      "Runs the compiled C and the interpreter, which computes in double precision, on the same random "
        + "inputs. The error of an output is its largest difference over its largest element. Exit code 1 if "
        + "it is above the tolerance; then the first value that departs is searched, layer by layer. Networks "
        + "with f16 or bf16 values may be off by 16 roundings of these.",
      "With '--gradients', the compiled gradients of the loss by every parameter are compared with finite "
        + "differences of the interpreter instead, on a sample of elements: batch norm and dropout as in "
        + "training, without a train section the loss is a sum over the outputs. The error of a gradient is its "
        + "largest difference over its largest element.",
      "With '--against DIR' inputs and expected outputs are read from DIR/NAME.npy, named like the files that "
        + "'run' writes (a byte outside of [A-Za-z0-9_.-] is %XX). On a mismatch the values in between are "
        + "walked: those of which DIR has a file, and all of them against the interpreter; the first that "
        + "departs is named.",
      "With --sanitize the code runs in a process of its own, under the address and undefined-behavior "
        + "sanitizers of the C compiler; shared among threads, under its thread sanitizer.",
    ],
    examples: [
      "graphc verify graphs/lenet5.graph", "graphc verify graphs/resnet18.graph --seed 7 --tolerance 1e-4",
      "graphc verify graphs/lenet5.graph --gradients --samples 20",
      "graphc verify model.onnx --against expected",
    ],
    positionals: [NetworkFile.positional],
    options: [
      NetworkOptions.set, NetworkOptions.shape, NetworkOptions.weights,
      .single("seed", "N", "selects the random inputs", default: "1"),
      .single(
        "tolerance", "NUMBER", "largest relative error that passes: 1e-5; with --gradients or --against 1e-4; with weights in f16 1e-2"),
      .single("against", "DIR", "compare with the .npy files of a folder", kind: .folder),
      .flag("gradients", "compare gradients with finite differences"),
      .single("samples", "N", "elements of each gradient that are compared", default: "6"),
      .flag("values", "compare every value that a kernel stores, not only the outputs"),
      .flag("sanitize", "run the code under the address and undefined-behavior sanitizers"),
      .single(
        "target", "NAME", "which kernels run, by default the best that this processor has",
        kind: .choice(InstructionSet.all.map(\.name))),
      NetworkOptions.weightType,
      .single("threads", "N", "share the work among threads, which changes no bit", default: "1"),
      .flag("json", "report for machines"),
    ])

  let network: NetworkOptions
  let seed: UInt64
  let tolerance: Double
  /// How many elements of each gradient are compared; nil where outputs are.
  let gradientSamples: Int?
  /// The folder of expected numbers, where outputs are compared with these.
  let reference: String?
  let comparesValues: Bool
  let build: BuildOptions
  let json: Bool

  init(_ arguments: ParsedArguments) throws(UsageError) {
    network = try NetworkOptions(arguments)
    seed = UInt64(try arguments.integer(of: "seed") ?? 1)
    let samples = try arguments.integer(of: "samples") ?? 6
    if samples < 1 {
      throw UsageError(
        "option '--samples' wants a number of at least 1, found '\(samples)'", at: arguments.path)
    }
    gradientSamples = arguments.flag("gradients") ? samples : nil
    reference = arguments.value(of: "against")
    for other in ["gradients", "values", "sanitize"] where reference != nil && arguments.flag(other) {
      throw UsageError("option '--against' does not go with '--\(other)'", at: arguments.path)
    }
    let weightElement = NetworkOptions.weightElement(arguments)
    if gradientSamples != nil {
      let others = ["values", "sanitize"].filter(arguments.flag) + (weightElement == .f32 ? [] : ["weight-type"])
      if let other = others.first {
        throw UsageError("option '--gradients' does not go with '--\(other)'", at: arguments.path)
      }
    }
    let isExact = gradientSamples == nil && reference == nil
    let text = arguments.value(of: "tolerance") ?? (weightElement == .f16 ? "1e-2" : isExact ? "1e-5" : "1e-4")
    guard let tolerance = Double(text), tolerance >= 0 else {
      throw UsageError(
        "option '--tolerance' wants a number of at least 0, found '\(text)'", at: arguments.path)
    }
    self.tolerance = tolerance
    comparesValues = arguments.flag("values")
    let sanitizes = arguments.flag("sanitize")
    build = BuildOptions(
      optimization: sanitizes ? "-O0" : gradientSamples == nil ? "-O2" : nil,
      instructionSet: arguments.value(of: "target") ?? HostProcessor.instructionSet, sanitizes: sanitizes,
      threads: try arguments.threads(default: 1), weightElement: weightElement)
    json = arguments.flag("json")
  }

  func run(_ console: Console) throws -> ExitCode {
    guard HostProcessor.instructionSets.contains(build.instructionSet) else {
      throw CompileError(
        "no-such-processor", "this processor does not have '\(build.instructionSet)'", at: .unknown,
        kind: .unsupported, help: "it has \(HostProcessor.instructionSets.joined(separator: ", "))")
    }
    let build = try build.tuned(for: network)
    if let reference {
      return try ReferenceCheck(network: network, folder: reference, tolerance: tolerance, build: build)
        .run(console, json: json)
    }
    let file = try NetworkFile(path: network.path)
    var graph = try network.load(file).graph
    try MemoryCheck.requireParameters(of: graph)
    if let gradientSamples {
      return try GradientCheck(file.name, graph, seed: seed, samples: gradientSamples, tolerance, build)
        .run(console, json: json)
    }
    if comparesValues { graph = try graph.showingStoredValues() }
    let verification = try console.progress("running \(file.name) twice") {
      try Verification(graph, seed: seed, build: build)
    }
    let tolerance = max(tolerance, 16 * graph.halfRounding)
    var report = VerificationReport(outputs: verification.outputs, tolerance: tolerance)
    if !report.passes {
      let departure = try console.progress("searching the value that departs first") {
        try Departure.first(in: Compilation(graph).graph, seed: seed, build: build, tolerance: tolerance)
      }
      if let departure { report.departures.append(("firstToDepart", "first to depart", departure)) }
    }
    try console.print(json ? report.json.text(pretty: true) + "\n" : report.text)
    if report.passes { return .success }
    throw CompileError(
      "departs",
      "graph '\(graph.name)' departs from the interpreter: relative error "
        + "\(Quantities.error(verification.largestError)), tolerance \(Quantities.error(tolerance))",
      at: .unknown)
  }
}
