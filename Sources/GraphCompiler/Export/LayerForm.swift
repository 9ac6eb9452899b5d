import LoopIR

/// The layer form of a written-out call: the arguments with which the operator would make the very parameters
/// that it is given.
enum LayerForm {
  /// The arguments in the order of their declaration, those with their default value left out; nil where no
  /// arguments make parameters of these types.
  static func arguments(_ op: any Op, _ operands: [TensorType]) -> [(name: String, value: Attribute)]? {
    guard let layer = op as? any LayerOp else { return nil }
    return inverted(layer, operands)
  }

  private static func inverted<O: LayerOp>(
    _ op: O, _ operands: [TensorType]
  ) -> [(name: String, value: Attribute)]? {
    guard operands.count > O.givenCount else { return nil }
    let given = Array(operands[..<O.givenCount])
    let made = Array(operands[O.givenCount...])
    for candidate in candidates(O.layerArguments, made) {
      let values = Dictionary(candidate.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
      guard let implied = try? op.impliedParameters(given, LayerArguments(values)),
        implied.map(\.type) == made
      else { continue }
      let defaults = Dictionary(
        O.layerArguments.map { ($0.name, $0.defaultValue) }, uniquingKeysWith: { first, _ in first })
      return candidate.filter { $0.value != defaults[$0.name] }
    }
    return nil
  }

  /// All that the shapes of the parameters leave possible. Whether it is right, `impliedParameters` says.
  private static func candidates(
    _ arguments: [LayerArgument], _ made: [TensorType]
  ) -> [[(name: String, value: Attribute)]] {
    var result: [[(name: String, value: Attribute)]] = [[]]
    for argument in arguments {
      let values = values(of: argument.name, made)
      result = result.flatMap { start in values.map { start + [(argument.name, $0)] } }
    }
    return result
  }

  private static func values(of argument: String, _ made: [TensorType]) -> [Attribute] {
    switch argument {
    case "bias": return [.bool(true), .bool(false)]
    case "channels":
      var extents: [Int] = []
      for extent in made.flatMap({ $0.shape.prefix(2) }) where !extents.contains(extent) {
        extents.append(extent)
      }
      // Of a grouped, transposed convolution the weight only tells its share.
      return (extents + made.dropFirst().flatMap(\.shape)).map { .int($0) }
    case "kernel":
      let extents = Array(made[0].shape.dropFirst(2))
      guard let first = extents.first else { return [] }
      return [extents.allSatisfy { $0 == first } ? .int(first) : .list(extents.map { .int($0) })]
    default: return []
    }
  }
}
