import Datasets
import GraphCompiler
import KernelRunner
import SourceText
import TensorFiles

/// `graphc train`: data in, weights out.
struct TrainCommand: Command {
  static let spec = CommandSpec(
    "train", "train a network on files of data",
    discussion: [
      "The train section of the network says what is minimized, and how. It is compiled to C, like everything else.",
      "Data are arrays, samples before labels (images.idx.gz,labels.idx.gz or images.npy,labels.npy), a CSV table, or "
        + "a folder with a folder of PNG, PGM or PPM images for each class.",
      "The same seed and data give the same weights, to the bit, also if training was "
        + "interrupted: Ctrl-C ends it after the step at hand, --resume goes on from there.",
      "With data held out, by --validation or --split, the best weights are those with the highest accuracy (or the "
        + "lowest loss) on these; otherwise the last ones.",
    ],
    examples: [
      "graphc train graphs/lenet5.graph --data train-images.gz,train-labels.gz --scale 255 --split 0.1 \\",
      "    --epochs 10 --out lenet5.safetensors --report report",
      "graphc train graphs/xor_mlp.graph --data xor.csv --epochs 500 --rate 0.5",
      "graphc train net.graph --data photos/ --epochs 20 --checkpoint net.checkpoint",
      "graphc train net.graph --data photos/ --epochs 20 --resume net.checkpoint",
    ],
    positionals: [NetworkFile.positional],
    options: dataOptions + courseOptions + outputOptions)

  private static let dataOptions: [OptionSpec] = [
    .single("data", "FILES", "what to learn from: SAMPLES,LABELS or TABLE.csv or FOLDER", kind: .file),
    .single("validation", "FILES", "data to choose the best weights by", kind: .file),
    .single("split", "SHARE", "hold out this share of the data for that, such as 0.1"),
    .single("test", "FILES", "data to evaluate the best weights on, in the end", kind: .file),
    .single("scale", "NUMBER", "divide floating point inputs by this: 255 for pixels"),
    .list("label-column", "COLUMN", "columns of a table that hold labels: names, or numbers from 1"),
    .single("classes", "NAMES", "names of the classes: 'cat,dog', or a file with one a line", kind: .file),
  ]

  private static let courseOptions: [OptionSpec] = [
    .single("epochs", "N", "how often every sample is used", default: "1"),
    .single("batch", "N", "samples of a step (default: 64, or all where there are fewer)"),
    .single("seed", "N", "selects first weights, order and variations (default: 0)"),
    .single("rate", "NUMBER", "the learning rate, instead of that of the network"),
    .single("threads", "N", "share the work among threads (default: one for each processor); changes no bit"),
    NetworkOptions.set, NetworkOptions.shape,
    .single(
      "weights", short: "w", "FILE", "weights to start from, from a .safetensors file",
      kind: .file(extensions: ["safetensors"])),
  ]

  private static let outputOptions: [OptionSpec] = [
    .single("out", short: "o", "FILE", "the best weights", kind: .file(extensions: ["safetensors"])),
    .single("last", "FILE", "the last weights", kind: .file(extensions: ["safetensors"])),
    .single(
      "checkpoint", "FILE", "keep what is needed to go on, after every epoch and when interrupted",
      kind: .file),
    .single("resume", "FILE", "go on from a checkpoint", kind: .file),
    .single("report", "DIR", "learning curves and confusion, as SVG", kind: .folder),
    .flag("json", "a line of JSON for every epoch"),
  ]

  let network: NetworkOptions
  let options: TrainOptions

  init(_ arguments: ParsedArguments) throws(UsageError) {
    network = try NetworkOptions(arguments)
    options = try TrainOptions(arguments)
  }

  func run(_ console: Console) throws -> ExitCode {
    let file = try NetworkFile(path: network.path)
    let settings = try TrainSettings(options)
    let draft = try load(file, batch: settings.batch ?? TrainSettings.defaultBatch)
    let files = try TrainFiles(options, channels: Self.imageChannels(draft), console: console)
    let graph = try settings.batch == nil ? load(file, batch: Self.batch(draft, files, settings)) : draft
    try requireBatch(of: graph)
    let outputs = try TrainOutputs(options)
    let engine = try console.progress("compiling \(file.name)") {
      try TrainingEngines.make(graph, seed: settings.seed, threads: options.threads)
    }
    let session = try TrainSession(
      engine, graph, files, options, settings, outputs: outputs, console: console)
    return try session.run()
  }

  /// The network with a batch of this size, where its text leaves that open.
  private func load(_ file: NetworkFile, batch: Int) throws -> Graph {
    var sizes = network.sizes
    for extent in file.symbolicExtents where extent.axis == 0 {
      if sizes.settings[extent.parameter] == nil { sizes.settings[extent.parameter] = batch }
    }
    var graph = try file.parse(sizes).graph
    guard graph.train?.loss != nil else {
      throw CompileError(
        "no-training", "graph '\(graph.name)' has no train section", at: .unknown,
        help:
          "add 'train { input label: i32[N]  minimize cross_entropy(scores, label)  with sgd(rate: 0.01) }'")
    }
    if let weights = network.weights { graph = try graph.applyingWeights(from: weights) }
    try MemoryCheck.requireParameters(of: graph)
    return graph
  }

  /// All samples where they are fewer than a usual batch; one where mistakes are corrected one by one.
  private static func batch(_ graph: Graph, _ files: TrainFiles, _ settings: TrainSettings) throws -> Int {
    let samples = try files.split(share: settings.split, seed: settings.seed).training.count
    let section = graph.train ?? TrainSection()
    if try section.optimizer().endsWithoutErrors { return 1 }
    return min(TrainSettings.defaultBatch, max(1, samples / (try section.accumulation())))
  }

  private static func batch(of graph: Graph) -> Int {
    graph.inputs.first.flatMap { graph.type(of: $0).shape.first } ?? 1
  }

  private func requireBatch(of graph: Graph) throws(CompileError) {
    let found = Self.batch(of: graph)
    let inputs = graph.inputs + (graph.train?.inputs ?? [])
    if let other = inputs.first(where: { graph.type(of: $0).shape.first != found }) {
      throw CompileError(
        "batch",
        "expected axis 0 of '\(graph[other].name)' to be a batch of \(found), it is \(graph.type(of: other))",
        at: graph[other].range)
    }
    if found != 1, try graph.train?.optimizer().endsWithoutErrors == true {
      throw CompileError(
        "batch", "expected a batch of 1, since mistakes are corrected one by one, found \(found)", at: .unknown,
        help: "give '--batch 1', or another optimizer")
    }
    guard let wanted = options.batch, wanted != found, let input = graph.inputs.first else { return }
    throw CompileError(
      "batch", "expected a batch of \(wanted), input '\(graph[input].name)' is \(graph.type(of: input))",
      at: graph[input].range, help: "let a graph parameter be its first extent: f32[N, …]")
  }

  /// 1 or 3 where the network takes images.
  private static func imageChannels(_ graph: Graph) -> Int? {
    guard let input = graph.inputs.first else { return nil }
    let shape = graph.type(of: input).shape
    return shape.count == 4 && (shape[1] == 1 || shape[1] == 3) ? shape[1] : nil
  }
}
