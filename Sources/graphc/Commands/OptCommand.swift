import GraphCompiler
import SourceText
import TensorFiles

/// `graphc opt`: passes on a network in one of its forms, text in and text out.
struct OptCommand: Command {
  static let spec = CommandSpec(
    "opt", "run passes on a network and print it",
    discussion: [
      "Takes what 'compile' prints: a graph, a program (--emit program) or kernels (--emit kernels). The "
        + "passes, in the order in which 'compile' runs them: \(PassTable.names.joined(separator: ", ")). Those "
        + "before '\(PassTable.lowering)' work on graphs, those after it on programs, the last one on kernels."
    ],
    examples: [
      "graphc opt graphs/lenet5.graph --pass drop-training --pass expand-composites",
      "graphc opt graphs/xor_mlp.graph --pass expand-composites,group-epilogues,\(PassTable.lowering)",
      "graphc opt xor_mlp.program --pass choose-schedules --emit c",
    ],
    positionals: [
      PositionalSpec(
        "NET", "a network, a program or kernels",
        kind: .file(extensions: ["graph", "onnx", "program", "kernel"]))
    ],
    options: [
      .list("pass", "NAME,...", "a pass, run in the order given", kind: .choice(PassTable.names)),
      .single("output", short: "o", "FILE", "where the text goes, by default standard output", kind: .file),
      .single(
        "emit", "FORM", "what to print: the result, or its kernels as C functions",
        kind: .choice(Emission.allCases.map(\.rawValue)), default: Emission.text.rawValue),
      NetworkOptions.set, NetworkOptions.shape,
    ])

  /// What `--emit` may ask for.
  enum Emission: String, CaseIterable { case text, c }

  let network: NetworkOptions
  let passes: [String]
  let output: String?
  let emission: Emission

  init(_ arguments: ParsedArguments) throws(UsageError) {
    network = try NetworkOptions(arguments, hasWeights: false)
    passes = arguments.values(of: "pass")
    output = arguments.value(of: "output")
    emission = arguments.value(of: "emit").flatMap(Emission.init) ?? .text
  }

  func run(_ console: Console) throws -> ExitCode {
    var result = try NetworkFile(path: network.path).representation(network.sizes)
    for pass in passes { result = try PassTable.run(pass, on: result) }
    let text = emission == .text ? result.text : try result.source()
    if let output { try writeFile(at: output, text: text) } else { try console.print(text) }
    return .success
  }
}
