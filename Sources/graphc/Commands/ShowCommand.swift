import GraphCompiler
import SourceText
import TensorFiles

/// `graphc show`: a network as a table, or as a picture.
struct ShowCommand: Command {
  /// What the picture shows.
  enum Subject: String, CaseIterable {
    case graph, fusion, memory, filters
  }

  static let spec = CommandSpec(
    "show", "show layers, shapes, memory and filters",
    discussion: [
      "Without -o: a table of layers with output shapes, parameters and multiply-accumulates (MACs).",
      "With -o FILE.svg, a picture: the graph as written, its fusion into kernels, the arena over time, or "
        + "the filters of the first layer.",
    ],
    examples: [
      "graphc show graphs/resnet18.graph",
      "graphc show graphs/googlenet.graph -o googlenet.svg",
      "graphc show graphs/lenet5.graph --picture memory -o memory.svg",
    ],
    positionals: [NetworkFile.positional],
    options: [
      .single("output", short: "o", "FILE.svg", "write a picture", kind: .file(extensions: ["svg"])),
      .single(
        "picture", "KIND", "what the picture shows: graph, fusion, memory or filters",
        kind: .choice(Subject.allCases.map(\.rawValue)), default: Subject.graph.rawValue),
      NetworkOptions.set, NetworkOptions.shape, NetworkOptions.weights,
      .flag("json", "the table for machines"),
    ])

  let network: NetworkOptions
  let output: String?
  let subject: Subject
  let json: Bool

  init(_ arguments: ParsedArguments) throws(UsageError) {
    network = try NetworkOptions(arguments)
    output = arguments.value(of: "output")
    subject = arguments.value(of: "picture").flatMap(Subject.init) ?? .graph
    json = arguments.flag("json")
    if output == nil, subject != .graph {
      throw UsageError("option '--picture' needs '-o FILE.svg'", at: arguments.path)
    }
    if output != nil, json {
      throw UsageError("options '--json' and '-o' exclude each other", at: arguments.path)
    }
  }

  func run(_ console: Console) throws -> ExitCode {
    let graph = try network.load(NetworkFile(path: network.path)).graph
    if let output {
      let svg = try console.progress("drawing \(output)") { try picture(graph) }
      try writeFile(at: output, text: svg)
      return .success
    }
    try MemoryCheck.requireParameters(of: graph)
    let summary = ModelSummary(graph, program: try Compilation(graph, tuning: network.tuning()).program)
    try console.print(json ? summary.json.text(pretty: true) + "\n" : summary.text)
    return .success
  }

  private func picture(_ graph: Graph) throws -> String {
    switch subject {
    case .graph:
      return GraphPicture(graph).svg
    case .filters:
      return FilterPicture(graph).svg
    case .fusion:
      try MemoryCheck.requireParameters(of: graph)
      return GraphPicture(try Compilation(graph).graph).svg
    case .memory:
      try MemoryCheck.requireParameters(of: graph)
      return MemoryMapPicture(try Compilation(graph, tuning: network.tuning()).program).svg
    }
  }
}
