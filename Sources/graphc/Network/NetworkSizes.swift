import GraphCompiler

/// `--set` and `--shape`: the sizes that a network leaves open.
struct NetworkSizes {
  static let set = OptionSpec.repeated(
    "set", "NAME=INT", "a parameter of the graph or a symbolic dimension of the model, such as N=8")
  static let shape = OptionSpec.repeated(
    "shape", "INPUT=INT,...", "shape of an input of an ONNX model, such as image=1,3,224,224")

  /// Graph parameters, and symbolic dimensions of models.
  var settings: [String: Int] = [:]
  /// Shapes of inputs of models.
  var shapes: [String: [Int]] = [:]

  init(_ arguments: ParsedArguments) throws(UsageError) {
    for (name, text) in try arguments.assignments(of: Self.set.name) {
      guard let value = Int(text) else {
        throw UsageError("option '--set' wants an integer for '\(name)', found '\(text)'", at: arguments.path)
      }
      if settings.updateValue(value, forKey: name) != nil {
        throw UsageError("option '--set' gives '\(name)' twice", at: arguments.path)
      }
    }
    for (name, text) in try arguments.assignments(of: Self.shape.name) {
      let extents = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
      let shape = extents.compactMap { $0 }
      guard shape.count == extents.count, shape.allSatisfy({ $0 >= 0 }) || text.isEmpty else {
        throw UsageError(
          "option '--shape' wants extents for '\(name)', such as 1,3,224,224, found '\(text)'",
          at: arguments.path)
      }
      if shapes.updateValue(shape, forKey: name) != nil {
        throw UsageError("option '--shape' gives '\(name)' twice", at: arguments.path)
      }
    }
  }
}
