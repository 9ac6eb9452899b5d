import GraphCompiler
import SourceText

/// NET, `--set` and `--weights`: which network, with which sizes and numbers.
struct NetworkOptions {
  static let set = OptionSpec.repeated("set", "NAME=INT", "value of a parameter of the graph, such as N=8")
  static let weights = OptionSpec.single(
    "weights", short: "w", "FILE", "parameters, from a .safetensors file",
    kind: .file(extensions: ["safetensors"]))

  let path: String
  let settings: [String: Int]
  let weights: String?

  /// - Parameter hasWeights: whether the command declares `--weights`.
  init(_ arguments: ParsedArguments, hasWeights: Bool = true) throws(UsageError) {
    guard let path = arguments.positional(NetworkFile.positional.name) else {
      throw UsageError("expected NET: a network", at: arguments.path)
    }
    self.path = path
    settings = try Self.settings(arguments)
    weights = hasWeights ? arguments.value(of: Self.weights.name) : nil
  }

  static func settings(_ arguments: ParsedArguments) throws(UsageError) -> [String: Int] {
    var settings: [String: Int] = [:]
    for (name, text) in try arguments.assignments(of: set.name) {
      guard let value = Int(text) else {
        throw UsageError(
          "option '--set' wants an integer for '\(name)', found '\(text)'", at: arguments.path)
      }
      if settings.updateValue(value, forKey: name) != nil {
        throw UsageError("option '--set' gives '\(name)' twice", at: arguments.path)
      }
    }
    return settings
  }

  /// The graph with its weights, and what looks like a mistake in its text.
  /// - Parameter extra: settings from elsewhere; those of the user win.
  func load(_ file: NetworkFile, settings extra: [String: Int] = [:]) throws(CompileError) -> ParsedGraph {
    var parsed = try file.parse(settings.merging(extra) { user, _ in user })
    if let weights { parsed.graph = try parsed.graph.applyingWeights(from: weights) }
    return parsed
  }
}
