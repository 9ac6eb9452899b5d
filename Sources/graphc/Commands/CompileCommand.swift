import GraphCompiler
import LoopIR
import SourceText
import TensorFiles

/// `graphc compile`: a network in, C sources or one of the intermediate forms out.
struct CompileCommand: Command {
  static let spec = CommandSpec(
    "compile", "compile a network to C",
    discussion: [
      "Writes a header, C sources and the weights. They depend on nothing: add them to any build. What "
        + "exists is replaced only when everything is written; other files in the folder are left alone.",
      "The forms graph, program and kernels are text for reading; they go to standard output. The form onnx is "
        + "one file for the runtimes of ONNX; operators that it does not have become several of its own. With --train "
        + "it is the training step: parameters and the optimizer's state are inputs with initial values, and come back as "
        + "outputs NAME.next; with --wrt it is the loss and its gradients.",
      "With --tune, a few tiles, unrollings, prefetches and algorithms are measured for every kernel of the network. "
        + "What wins stands in NAME.tune, a text to read and to commit: without --tune, 'compile', 'run', 'verify', "
        + "'bench' and 'explain' use the file if it lies beside NET, so that the same files give the same bytes.",
    ],
    examples: [
      "graphc compile graphs/lenet5.graph --weights graphs/fashion/lenet5.safetensors -o lenet5",
      "graphc compile graphs/lenet5.graph --emit graph",
      "graphc compile graphs/lenet5.graph --tune -o lenet5",
      "graphc compile graphs/lenet5.graph --emit onnx -o lenet5.onnx",
      "graphc compile graphs/lenet5.graph --set N=8 --print-after expand-composites",
    ],
    positionals: [NetworkFile.positional],
    options: [
      .single(
        "output", short: "o", "PATH",
        "folder of the sources, by default named like the graph; or file of another form",
        kind: .folder),
      .single(
        "emit", "FORM", "what to write", kind: .choice(Emission.allCases.map(\.rawValue)),
        default: Emission.c.rawValue),
      NetworkOptions.set, NetworkOptions.shape, NetworkOptions.weights,
      .flag("train", "write training too: backward functions and a training step, as the train section says"),
      .list("wrt", "NAME,...", "with --train: backward computes gradients by these inputs and values too"),
      .single("name", "NAME", "stem of the files and prefix of the functions, instead of the graph's name"),
      .flag(
        "threads",
        "write functions whose work \(SourceBundle.usualThreads) threads can share too, and a pool of threads"),
      .list(
        "target", "NAME,...", "write kernels for these processors only, by default for all",
        kind: .choice(InstructionSet.all.map(\.name))),
      NetworkOptions.weightType,
      WinogradOptions.forbidden, WinogradOptions.largestError,
      .flag("tune", "measure on this machine what is faster, and keep it in NAME.tune beside NET"),
      .single("seed", "N", "with --train: selects the random numbers of dropout", default: "0"),
      .flag("embed-weights", "write the weights as C source instead of a .weights file"),
      .list(
        "print-after", "PASS,...", "print the representation after these passes",
        kind: .choice(PassNames.all)),
      .flag("print-after-all", "print the representation after every pass"),
      .flag("json", "report for machines"),
    ])

  /// What `--emit` may ask for.
  enum Emission: String, CaseIterable {
    case c
    case swiftPackage = "swift-package"
    case graph, program, kernels, onnx
  }

  let network: NetworkOptions
  let output: String?
  let emission: Emission
  let trains: Bool
  /// Values by which training code computes gradients, besides parameters.
  let gradientTargets: [String]
  let name: String?
  let embedsWeights: Bool
  let threads: Int
  /// For which there will be kernels, the best first.
  let targets: [InstructionSet]
  let largestWinogradError: Double
  let weightElement: ElementType
  /// Whether it is measured what is faster.
  let tunes: Bool
  let seed: UInt64
  let dumps: DumpSelection
  let json: Bool

  init(_ arguments: ParsedArguments) throws(UsageError) {
    network = try NetworkOptions(arguments)
    output = arguments.value(of: "output")
    emission = arguments.value(of: "emit").flatMap(Emission.init) ?? .c
    trains = arguments.flag("train")
    embedsWeights = arguments.flag("embed-weights")
    let chosen = arguments.values(of: "target")
    targets = InstructionSet.all.filter { chosen.isEmpty || chosen.contains($0.name) }
    threads = arguments.flag("threads") ? SourceBundle.usualThreads : 1
    weightElement = NetworkOptions.weightElement(arguments)
    if weightElement != .f32, trains || emission == .onnx {
      throw UsageError("option '--weight-type' goes with C code that is not trained", at: arguments.path)
    }
    if trains, ![.c, .onnx].contains(emission) || embedsWeights {
      throw UsageError("option '--train' writes C with a file of weights, or ONNX", at: arguments.path)
    }
    gradientTargets = arguments.values(of: "wrt")
    if !gradientTargets.isEmpty, !trains {
      throw UsageError("option '--wrt' wants '--train' with it", at: arguments.path)
    }
    name = arguments.value(of: "name")
    if let name, Names.identifier(name) != name {
      throw UsageError("option '--name' wants a name that C allows, found '\(name)'", at: arguments.path)
    }
    largestWinogradError = try arguments.largestWinogradError()
    tunes = arguments.flag("tune")
    if tunes, trains || emission == .onnx {
      throw UsageError(
        "option '--tune' does not go with '\(trains ? "--train" : "--emit onnx")'",
        help: "it measures the C that a network is computed by, without training", at: arguments.path)
    }
    seed = UInt64(try arguments.integer(of: "seed") ?? 0)
    dumps = arguments.flag("print-after-all") ? .all : DumpSelection(arguments.values(of: "print-after"))
    json = arguments.flag("json")
  }

  /// For which programs are made: for the best target alone, where nothing else is written than its program.
  private var registers: [VectorRegisters] {
    emission == .c || emission == .swiftPackage ? targets.map(\.registers) : [targets[0].registers]
  }

  func run(_ console: Console) throws -> ExitCode {
    let file = try NetworkFile(path: network.path)
    var parsed = try network.load(file)
    if let name { parsed.graph.name = name }
    console.note(console.diagnosticRenderer.render(parsed.warnings))
    try MemoryCheck.requireParameters(of: parsed.graph)
    if emission == .onnx { return try exportModel(parsed) }
    if trains { return try compileTraining(parsed.graph, file, console) }
    let tuned = try tuning(parsed.graph, console)
    let compilation = try console.progress("compiling \(file.name)") {
      try Compilation(
        parsed.graph, registers: registers, threads: threads, largestWinogradError: largestWinogradError,
        weightElement: weightElement, tuning: tuned?.tuning ?? Tuning(), dumping: dumps)
    }
    if !json { for dump in compilation.dumps { try console.print(dump.text) } }
    switch emission {
    case .graph: return try emit(compilation.graph.text, console)
    case .program: return try emit(compilation.program.text, console)
    case .kernels:
      return try emit(compilation.program.kernels.map(\.description).joined(separator: "\n"), console)
    case .onnx: preconditionFailure("models are written before anything is lowered")
    case .c, .swiftPackage:
      var options = SourceBundle.Options(sourceName: file.name, targets: targets)
      options.embedsWeights = embedsWeights
      let files =
        emission == .c
        ? SourceBundle(compilation.programs, options).files : SwiftPackage(compilation.programs, options).files
      return try write(files, parsed.graph, compilation, tuned?.report(compilation), console)
    }
  }

  /// What is measured now, or what was before; nil where nothing was.
  private func tuning(_ graph: Graph, _ console: Console) throws -> NetworkTuning.Result? {
    let file = TuningFile(beside: network.path)
    if !tunes { return try file.read().map { NetworkTuning.Result(file: file.name, tuning: $0, outcome: nil) } }
    return try NetworkTuning(
      file, targets: targets, largestWinogradError: largestWinogradError, weightElement: weightElement
    ).run(graph, console)
  }

  private func compileTraining(_ graph: Graph, _ file: NetworkFile, _ console: Console) throws -> ExitCode {
    let compilation = try console.progress("compiling \(file.name) with training") {
      try TrainingCompilation(
        TrainingPlan(graph, seed: seed, gradientsBy: gradientTargets), registers: registers, threads: threads,
        largestWinogradError: largestWinogradError)
    }
    let bundle = TrainingBundle(compilation, SourceBundle.Options(sourceName: file.name, targets: targets))
    let folder = output ?? Names.identifier(graph.name)
    let staged = try StagedFolder(folder)
    for file in bundle.files { try staged.write(file.path, bytes: file.contents) }
    try staged.commit()
    let report = TrainingReport(folder: folder, graph: graph, compilation: compilation, bundle: bundle)
    try console.print(json ? report.json.text(pretty: true) + "\n" : report.text)
    return .success
  }

  private func exportModel(_ parsed: ParsedGraph) throws -> ExitCode {
    let model = try trains ? trainingModel(parsed) : ONNXExport(parsed.graph, names: parsed.names)
    let path = output ?? "\(Names.identifier(parsed.graph.name)).onnx"
    try writeFile(at: path) { (sink) throws(TensorFileError) in try model.write(to: sink) }
    return .success
  }

  /// The training step; gradients alone where values were named for them, or where nothing is trained.
  private func trainingModel(_ parsed: ParsedGraph) throws(CompileError) -> ONNXExport {
    let plan = try TrainingPlan(parsed.graph, seed: seed, gradientsBy: gradientTargets)
    let step = gradientTargets.isEmpty ? plan.functions.first { $0.name == "train_step" } : nil
    guard let function = step ?? plan.functions.first(where: { $0.name == "backward" }) else {
      preconditionFailure("training without a function 'backward'")
    }
    return try ONNXExport(function, names: parsed.names)
  }

  private func emit(_ text: String, _ console: Console) throws -> ExitCode {
    if let output { try writeFile(at: output, text: text) } else { try console.print(text) }
    return .success
  }

  private func write(
    _ files: [GeneratedFile], _ graph: Graph, _ compilation: Compilation, _ tuning: CompileReport.TuningPart?,
    _ console: Console
  ) throws -> ExitCode {
    let folder = output ?? Names.identifier(graph.name)
    let staged = try StagedFolder(folder)
    for file in files { try staged.write(file.path, file.write) }
    try staged.commit()
    let report = CompileReport(
      folder: folder, isPackage: emission == .swiftPackage,
      files: files.map { ($0.path, $0.byteCount) }, graph: graph, program: compilation.program, tuning: tuning)
    try console.print(json ? report.json(compilation.dumps).text(pretty: true) + "\n" : report.text)
    return .success
  }
}

/// Names of the passes that `--print-after` knows, in the order in which they run.
enum PassNames {
  static let all =
    Pipeline.graphPasses.map(\.name) + [PassTable.lowering] + ProgramPipeline.passes.map(\.name)
}
