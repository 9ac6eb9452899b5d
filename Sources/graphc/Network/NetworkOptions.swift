import GraphCompiler
import LoopIR
import SourceText
import TensorFiles

/// NET, `--set`, `--shape` and `--weights`: which network, with which sizes and numbers.
struct NetworkOptions {
  static let set = NetworkSizes.set
  static let shape = NetworkSizes.shape
  static let weights = OptionSpec.single(
    "weights", short: "w", "FILE", "parameters, from a .safetensors file",
    kind: .file(extensions: ["safetensors"]))

  static let weightType = OptionSpec.single(
    "weight-type", "TYPE", "store weights in this type; kernels compute in f32 whatever it is",
    kind: .choice(["f32", "f16"]), default: "f32")

  /// What `--weight-type` says.
  static func weightElement(_ arguments: ParsedArguments) -> ElementType {
    arguments.value(of: weightType.name) == "f16" ? .f16 : .f32
  }

  let path: String
  let sizes: NetworkSizes
  let weights: String?

  /// - Parameter hasWeights: whether the command declares `--weights`.
  init(_ arguments: ParsedArguments, hasWeights: Bool = true) throws(UsageError) {
    guard let path = arguments.positional(NetworkFile.positional.name) else {
      throw UsageError("expected NET: a network", at: arguments.path)
    }
    self.path = path
    sizes = try NetworkSizes(arguments)
    weights = hasWeights ? arguments.value(of: Self.weights.name) : nil
  }

  /// The graph with its weights, and what looks like a mistake in its text.
  /// - Parameter tensors: arrays that will be the inputs; sizes that the user does not set follow them.
  func load(_ file: NetworkFile, tensors: [String: StoredTensor] = [:]) throws(CompileError) -> ParsedGraph {
    var parsed = try file.parse(sizes, tensors: tensors)
    if let weights { parsed.graph = try parsed.graph.applyingWeights(from: weights) }
    return parsed
  }
}
