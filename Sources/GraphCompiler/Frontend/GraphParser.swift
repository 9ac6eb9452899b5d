import SourceText

/// Reads the `.graph` language, described in `GraphCompiler.docc/Language.md`.
package struct GraphParser {
  /// What the caller adds to the text.
  package struct Options: Sendable {
    /// Graph parameters by name, as `--set N=8` gives them.
    package var settings: [String: Int] = [:]
    /// The tensors behind `data("…")`, as `Graph.blobs` gives them.
    package var blobs: [String: TensorData] = [:]
    /// The folder of relative paths in `weights` statements, ending in '/'; by default that of the text.
    package var folder: String?

    /// Most nodes of a graph; more are taken for a slip in a repetition. Repetition that makes no nodes ends
    /// too, after twice as many calls.
    package var nodeLimit = 100_000

    package init() {}
  }

  /// Every mistake of the text, or the graph and what looks like a mistake.
  package static func parse(
    _ file: SourceFile, options: Options = Options()
  ) throws(CompileError) -> ParsedGraph {
    let (syntax, mistakes, tokenMistakes) = SyntaxParser.parse(file)
    let garbledLines = Set(mistakes[..<tokenMistakes].map { $0.range.start?.line })
    guard let definition = syntax.graph else {
      throw CompileError(mistakes.told(tokenMistakes, garbledLines)) ?? noGraph(in: file)
    }
    let elaborator = Elaborator(definition, syntax, options, diagnostics: mistakes)
    elaborator.run(definition)
    let diagnostics = elaborator.diagnostics.told(tokenMistakes, garbledLines)
    if let error = CompileError(diagnostics) { throw error }
    return ParsedGraph(graph: elaborator.finishedGraph, warnings: diagnostics)
  }

  private static func noGraph(in file: SourceFile) -> CompileError {
    let range = SourceRange(file: file, lower: 0, upper: 0)
    return CompileError("missing-graph", "expected 'graph name { … }', found none", at: range)
  }

  /// An expression whose operands are written as types, `conv(f32[1, 2, 5, 5], f32[3, 2, 3, 3], pad: 1)`: a
  /// graph with the inputs x0, x1, … and the output y, or y0, y1, … for several results.
  package static func parseExample(_ text: String) throws(CompileError) -> Graph {
    let file = SourceFile(path: "example", text: text)
    let expression = try SyntaxParser.parseExpression(file)
    let name = NameSyntax(text: "example", range: expression.range)
    let definition = DefinitionSyntax(name: name, parameters: [], body: [])
    let elaborator = Elaborator(definition, FileSyntax(), Options(), diagnostics: [])
    elaborator.runExample(expression)
    if let error = CompileError(elaborator.diagnostics) { throw error }
    return elaborator.builder.graph
  }
}

package struct ParsedGraph: Sendable {
  package var graph: Graph
  /// In the order of the text.
  package var warnings: [Diagnostic]
  /// What inputs, parameters and outputs are called on the command line.
  package var names: ExternalNames

  package init(graph: Graph, warnings: [Diagnostic], names: ExternalNames = ExternalNames()) {
    self.graph = graph
    self.warnings = warnings
    self.names = names
  }
}

extension [Diagnostic] {
  /// What the user is told: in the order of the text, and of a line whose tokens are garbled only the first
  /// mistake. - Parameter tokenMistakes: how many of the diagnostics, the first ones, are about single
  /// tokens.
  fileprivate func told(_ tokenMistakes: Int, _ garbledLines: Set<Int?>) -> [Diagnostic] {
    var seen: Set<Int?> = []
    let kept = enumerated().filter { place, diagnostic in
      let line = diagnostic.range.start?.line
      return place < tokenMistakes ? seen.insert(line).inserted : !garbledLines.contains(line)
    }
    return kept.map(\.element).inSourceOrder
  }

  /// Sorted by place in the text; what has no place comes first. Equal places keep their order.
  private var inSourceOrder: [Diagnostic] {
    let keyed = enumerated().sorted { left, right in
      let (a, b) = (left.element.range, right.element.range)
      let (first, second) = (a.file == nil ? -1 : a.lower, b.file == nil ? -1 : b.lower)
      return first == second ? left.offset < right.offset : first < second
    }
    return keyed.map(\.element)
  }
}
