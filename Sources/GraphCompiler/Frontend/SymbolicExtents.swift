import SourceText

/// A graph parameter that stands alone as an extent of an input: the `N` of `input image: f32[N, 1, 28, 28]`.
/// Data for the input says what it is.
package struct SymbolicExtent: Sendable, Hashable {
  package var parameter: String
  package var input: String
  package var axis: Int
  /// Rank of the input.
  package var rank: Int
}

extension GraphParser {
  /// In the order of the text, inputs of the train section last. A text with mistakes has those that can be
  /// read.
  package static func symbolicExtents(_ file: SourceFile) -> [SymbolicExtent] {
    guard let graph = SyntaxParser.parse(file).syntax.graph else { return [] }
    let parameters = Set(graph.parameters.map(\.name.text))
    return graph.body.inputs.flatMap { name, type in
      type.extents.enumerated().compactMap { axis, extent in
        guard case .path(let parameter) = extent.kind, parameters.contains(parameter) else { return nil }
        return SymbolicExtent(parameter: parameter, input: name.text, axis: axis, rank: type.extents.count)
      }
    }
  }
}

extension [StatementSyntax] {
  fileprivate var inputs: [(name: NameSyntax, type: TypeSyntax)] {
    var own: [(NameSyntax, TypeSyntax)] = []
    var training: [(NameSyntax, TypeSyntax)] = []
    for statement in self {
      switch statement.kind {
      case .input(let name, let type): own.append((name, type))
      case .train(let body): training += body.inputs
      case .output, .parameter, .constant, .weights, .kernel, .returning, .assignment, .expression, .minimize,
        .directive, .freeze, .broken:
        break
      }
    }
    return own + training
  }
}
