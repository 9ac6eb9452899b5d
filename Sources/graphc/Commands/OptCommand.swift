import GraphCompiler
import SourceText
import TensorFiles

/// `graphc opt`: passes on a graph, text in and text out.
struct OptCommand: Command {
  static let spec = CommandSpec(
    "opt", "run passes on a graph and print it",
    discussion: [
      "The passes, in the order in which 'compile' runs them: \(PassNames.graph.joined(separator: ", ")). "
        + "Passes on programs are shown by 'compile --print-after'."
    ],
    examples: ["graphc opt graphs/lenet5.graph --pass drop-training --pass expand-composites"],
    positionals: [NetworkFile.positional],
    options: [
      .list("pass", "NAME,...", "a pass, run in the order given", kind: .choice(PassNames.graph)),
      .single("output", short: "o", "FILE", "where the graph goes, by default standard output", kind: .file),
      NetworkOptions.set, NetworkOptions.shape,
    ])

  let network: NetworkOptions
  let passes: [Pass<Graph>]
  let output: String?

  init(_ arguments: ParsedArguments) throws(UsageError) {
    network = try NetworkOptions(arguments, hasWeights: false)
    passes = arguments.values(of: "pass").compactMap(Pipeline.graphPass)
    output = arguments.value(of: "output")
  }

  func run(_ console: Console) throws -> ExitCode {
    let file = try NetworkFile(path: network.path)
    let graph = try PassRunner.graphs.run(passes, on: network.load(file).graph)
    if let output { try writeFile(at: output, text: graph.text) } else { try console.print(graph.text) }
    return .success
  }
}
