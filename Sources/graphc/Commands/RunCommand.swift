import GraphCompiler
import KernelRunner
import SourceText
import TensorFiles

/// `graphc run`: a network and its inputs in, its outputs out.
struct RunCommand: Command {
  static let spec = CommandSpec(
    "run", "run a network on .npy files or literals",
    discussion: [
      "The network is compiled to C, and that by the machine's C compiler (or the one that the "
        + "environment variable CC names). Output NAME goes to NAME.npy; without a folder for them the outputs "
        + "are printed.",
      "An array of another element type is converted if no element changes. A graph parameter that is an "
        + "extent of an input, like the N of f32[N, 1, 28, 28], follows the array.",
      "The first output of a classifier holds scores, [N, classes]: --labels counts how often the largest is "
        + "the right one, --classes names them, --show draws images with their class.",
    ],
    examples: [
      "graphc run graphs/xyz_product.graph --input x=-2 --input y=5 --input z=-4",
      "graphc run graphs/cos_sin_x2.graph --input x=x.npy --output-dir out",
      "graphc run graphs/lenet5.graph --weights graphs/fashion/lenet5.safetensors \\",
      "    --input image=graphs/fashion/sample_images_u8.npy --scale 255 \\",
      "    --labels graphs/fashion/sample_labels_u8.npy --classes graphs/fashion/classes.txt --show 6",
    ],
    positionals: [NetworkFile.positional],
    options: [
      .repeated(
        "input", short: "i", "NAME=FILE.npy",
        "an input, or other numbers for a parameter; also NAME=LITERAL, such as x=2.5 or x=[[1,2],[3,4]]",
        kind: npy),
      .single("output-dir", short: "o", "DIR", "where the outputs go", kind: .folder),
      NetworkOptions.set, NetworkOptions.shape, NetworkOptions.weights,
      .single("scale", "NUMBER", "divide floating point inputs by this: 255 for pixels", default: "1"),
      .single("grad-of", "LOSS", "also compute gradients of this value, which has one element"),
      .list("wrt", "NAME,...", "by these inputs or parameters; written as grad.NAME"),
      NetworkOptions.weightType,
      .single("threads", "N", "share the work among threads, which changes no bit", default: "1"),
      .flag("interpreter", "use the reference interpreter, in double precision, instead of C"),
      .single("labels", "FILE.npy", "right classes, one integer a sample", kind: npy),
      .single("classes", "NAMES", "names of the classes: 'cat,dog', or a file with one a line", kind: .file),
      .single("show", "N", "draw the first N samples of the first input"),
      .flag("json", "report for machines"),
    ])

  private static let npy = ValueKind.file(extensions: ["npy"])

  let network: NetworkOptions
  let inputs: [(name: String, value: String)]
  let outputFolder: String?
  let scale: Double
  let interprets: Bool
  let build: BuildOptions
  let classification: ClassificationOptions?
  let gradients: GradientRequest?
  let json: Bool

  init(_ arguments: ParsedArguments) throws(UsageError) {
    network = try NetworkOptions(arguments)
    inputs = try arguments.assignments(of: "input")
    for (place, input) in inputs.enumerated()
    where inputs[..<place].contains(where: { $0.name == input.name }) {
      throw UsageError("option '--input' gives '\(input.name)' twice", at: arguments.path)
    }
    outputFolder = arguments.value(of: "output-dir")
    let scaleText = arguments.value(of: "scale") ?? "1"
    guard let scale = Double(scaleText), scale.isFinite, scale != 0 else {
      throw UsageError(
        "option '--scale' wants a number other than 0, found '\(scaleText)'", at: arguments.path)
    }
    self.scale = scale
    interprets = arguments.flag("interpreter")
    build = BuildOptions(
      threads: try arguments.threads(default: 1), weightElement: NetworkOptions.weightElement(arguments))
    if interprets, build.weightElement != .f32 {
      throw UsageError("option '--weight-type' does not go with '--interpreter'", at: arguments.path)
    }
    gradients = try GradientRequest(arguments)
    classification = try ClassificationOptions(arguments)
    json = arguments.flag("json")
  }

  func run(_ console: Console) throws -> ExitCode {
    let file = try NetworkFile(path: network.path)
    let files = try InputFiles(inputs)
    let labels = try classification?.readLabels()
    let parsed = try network.load(file, tensors: files.byName)
    let graph = parsed.graph
    var matched = try files.matched(with: parsed, file.symbolicExtents, scale: scale)
    var names = parsed.names
    if let gradients { try gradients.add(to: &matched.graph, &names) }
    try MemoryCheck.requireParameters(of: graph)
    let result =
      try interprets
      ? NetworkRun(interpreting: matched, console)
      : NetworkRun(compiling: matched, build.tuned(for: network), console)
    // Before anything is written: a mistake here leaves no files.
    let outputs = result.outputs.map { (name: names.outside($0.name), tensor: $0.tensor) }
    let classified = try classification?.classify(outputs, labels)
    let pictures = try classified.flatMap { try classification?.pictures(of: files, $0, console) }
    if let outputFolder { try OutputFiles.write(outputs, to: outputFolder) }
    // After everything that can fail: then the message of the failure comes first.
    if matched.graph.hasSampledParameters { warnOfRandomWeights(console) }
    if json {
      try console.print(report(outputs, classified).text(pretty: true) + "\n")
      return .success
    }
    if outputFolder == nil, classification == nil {
      for (name, tensor) in outputs { try console.print(name + ": " + tensor.summary + "\n") }
    }
    if let pictures { try console.print(pictures) }
    if let classified { try console.print(classified.text) }
    return .success
  }

  private func warnOfRandomWeights(_ console: Console) {
    let warning = Diagnostic(
      .warning, "random-weights", "no weights are given, the parameters have random numbers", at: .unknown,
      help: "give them with '--weights FILE.safetensors'")
    console.note(console.diagnosticRenderer.render(warning))
  }

  private func report(
    _ outputs: [(name: String, tensor: StoredTensor)], _ classified: Classification?
  ) -> JSON {
    let outputs = outputs.map { name, tensor in
      var members: [(String, JSON)] = [
        ("name", .string(name)), ("element", .string(tensor.element.rawValue)),
        ("shape", .array(tensor.shape.map { .int($0) })),
      ]
      if let outputFolder {
        members.append(("file", .string("\(outputFolder)/\(OutputFiles.fileName(name))")))
      }
      return JSON.object(members)
    }
    return .object([("outputs", .array(outputs))] + (classified?.members ?? []))
  }
}
