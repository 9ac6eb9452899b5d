import GraphCompiler
import LoopIR
import SourceText
import TensorFiles

/// `graphc import`: an ONNX model in, the language's text and a file of weights out.
struct ImportCommand: Command {
  static let spec = CommandSpec(
    "import", "turn an ONNX model into .graph text and .safetensors weights",
    discussion: [
      "Writes NAME.graph, to be read and changed, and NAME.safetensors beside it, which the text names. "
        + "Compiling the text gives the same code and the same weights as compiling the model.",
      "Sizes that the model leaves open are fixed with --set or --shape.",
    ],
    examples: [
      "graphc import squeezenet.onnx -o squeezenet",
      "graphc import model.onnx --set batch=1 -o model",
    ],
    positionals: [PositionalSpec("MODEL", "an .onnx file", kind: .file(extensions: ["onnx"]))],
    options: [
      .single(
        "output", short: "o", "DIR", "folder of the two files, by default named like the graph", kind: .folder
      ),
      NetworkOptions.set, NetworkOptions.shape,
    ])

  let path: String
  let sizes: NetworkSizes
  let output: String?

  init(_ arguments: ParsedArguments) throws(UsageError) {
    guard let path = arguments.positional("MODEL") else {
      throw UsageError("expected MODEL: an .onnx file", at: arguments.path)
    }
    self.path = path
    sizes = try NetworkSizes(arguments)
    output = arguments.value(of: "output")
  }

  func run(_ console: Console) throws -> ExitCode {
    let file = try NetworkFile(path: path)
    guard let readable = try file.readable(sizes) else {
      throw CompileError(
        "not-a-model", "expected an ONNX model, found '\(path)'", at: .unknown, help: "its name ends in .onnx"
      )
    }
    let graph = readable.graph
    let name = Names.identifier(graph.name)
    let folder = output ?? name
    let weights = "\(name).safetensors"
    guard let text = readable.text(weights: weights) else {
      throw CompileError(
        "graph-too-large", "the model has more nodes than a .graph file may have", at: .unknown,
        kind: .unsupported)
    }
    let staged = try StagedFolder(folder)
    try staged.write("\(name).graph", text: text)
    let tensors = readable.tensors
    if !tensors.isEmpty { try write(tensors, to: weights, in: staged) }
    try staged.commit()
    let written = ["\(name).graph"] + (tensors.isEmpty ? [] : [weights])
    try console.print(
      "\(graph.name): \(written.joined(separator: ", ")) in \(folder)/".escapingControls + "\n")
    return .success
  }

  private func write(
    _ tensors: [(name: String, tensor: StoredTensor)], to name: String, in folder: StagedFolder
  ) throws(TensorFileError) {
    guard let file = SafetensorsFile(tensors: tensors) else {
      preconditionFailure("two values of a graph have one name")
    }
    try folder.write(name) { (sink) throws(TensorFileError) in try file.write(to: sink) }
  }
}
