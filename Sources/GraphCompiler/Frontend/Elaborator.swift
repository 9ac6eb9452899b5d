import SourceText
import TensorFiles

/// Syntax tree to graph: evaluates what is known at compile time, opens blocks, repeats stages, makes the
/// parameters of layers and names everything.
///
/// One mistake gives one diagnostic: the names that a failed statement should have defined are poisoned, and
/// whatever uses them fails silently.
///
/// A class, because one mutable state goes through the whole recursion: a struct would be copied at every
/// turn.
final class Elaborator {
  /// How deep expressions and blocks may nest together.
  static let depthLimit = 64

  let options: GraphParser.Options
  let blocks: [String: Block]
  var builder: GraphBuilder
  var diagnostics: [Diagnostic]
  /// That of the graph, or of the block being called.
  var scope: Scope
  /// The scopes of the callers; the first is that of the graph.
  var outerScopes: [Scope] = []
  var depth = 0
  var callCount = 0
  var kernelCount = 0
  /// Set when a limit was passed: nothing more is elaborated.
  var isExhausted = false
  /// Whether types stand for operands.
  var isExample = false
  /// Whether a compile-time value is wanted, so that constants count as their numbers.
  var readsConstants = false
  /// Constants that were read as numbers.
  var readValues: Set<Value> = []
  var weights: (path: String, range: SourceRange)?
  /// The file of the `weights` statement, once elements of constants were asked for.
  var weightsFile: SafetensorsFile?
  var graphWithWeights: Graph?
  var freezes: [NameSyntax] = []
  /// Where the outputs are named.
  var outputRanges: [String: SourceRange] = [:]
  private var reported: Set<ReportKey> = []

  private struct ReportKey: Hashable {
    var id: String
    var range: SourceRange
  }

  /// What a call of a block needs.
  struct Block {
    var definition: DefinitionSyntax
    var names: [String: SourceRange]
    var isPrelude = false
    /// Blocks with mistakes of their own; calls fail silently.
    var isBroken = false
  }

  struct Scope {
    /// Nil for the graph.
    var block: Block?
    var callRange: SourceRange
    /// `residual1.` inside of a block, empty in the graph.
    var prefix: String
    var bindings: [String: Binding] = [:]
    /// Names that the text gives; numbering leaves them alone.
    var explicitNames: [String: SourceRange]
    /// Whether a statement failed, so that numbered values may be missing.
    var hasFailed = false
    /// Which repetition of each enclosing repeated group this is, from 1.
    var repetitions: [Int] = []
    var usedNames: Set<String> = []
  }

  struct Binding {
    /// Nil where the definition failed.
    var item: Item?
    var range: SourceRange
  }

  var finishedGraph: Graph { graphWithWeights ?? builder.graph }

  init(
    _ graph: DefinitionSyntax, _ file: FileSyntax, _ options: GraphParser.Options, diagnostics: [Diagnostic]
  ) {
    self.options = options
    self.diagnostics = diagnostics
    builder = GraphBuilder(name: graph.name.text)
    builder.range = graph.name.range
    let names = graph.body.definedPlaces
    scope = Scope(block: nil, callRange: .unknown, prefix: "", explicitNames: names)
    var table = BlockTable(file)
    blocks = table.checked()
    for mistake in table.diagnostics { report(mistake) }
  }

  func run(_ graph: DefinitionSyntax) {
    bindGraphParameters(graph)
    elaborate(graph.body)
    if builder.graph.outputs.isEmpty, !hasErrors {
      report(
        Diagnostic(
          .error, "missing-output", "graph '\(graph.name.text)' has no output", at: graph.name.range,
          help: "add 'output name' or 'output name = expression'"))
    }
    checkFreezes()
    if hasErrors { return }
    checkAugmentation()
    readWeights()
    for warning in Lints(builder.graph, readValues).warnings() { report(warning) }
    warnOfUnusedParameters(graph)
  }

  private var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

  func runExample(_ expression: ExpressionSyntax) {
    isExample = true
    do throws(Failure) {
      let items = try evaluate(expression)
      for (place, item) in items.enumerated() {
        let name = items.count == 1 ? "y" : "y\(place)"
        let value = try item.tensor(at: expression.range)
        if builder.graph[value].source == .node { builder.rename(value, to: name) }
        builder.output(name, value)
      }
    } catch {
      report(error)
    }
  }

  // MARK: Mistakes

  /// Adds a diagnostic, with the blocks it happened in; the same mistake in another call of a block is
  /// dropped.
  func report(_ diagnostic: Diagnostic) {
    var diagnostic = diagnostic
    var calls: [Diagnostic.Note] = []
    for scope in [scope] + outerScopes.reversed() {
      guard let block = scope.block else { continue }
      if block.isPrelude {
        if diagnostic.range.file?.path == Prelude.path { diagnostic.range = scope.callRange }
        continue
      }
      calls.append(.init("in block '\(block.definition.name.text)', called here", at: scope.callRange))
    }
    // Of many calls, the innermost ones and the one in the graph tell enough.
    diagnostic.notes += calls.count > 4 ? calls.prefix(3) + calls.suffix(1) : calls[...]
    if reported.insert(ReportKey(id: diagnostic.id, range: diagnostic.range)).inserted {
      diagnostics.append(diagnostic)
    }
  }

  func report(_ failure: Failure) {
    if case .mistake(let diagnostic) = failure { report(diagnostic) }
  }

  /// Refuses to go on after a limit: whatever follows would fail the same way.
  func exhausted(_ id: String, _ message: String, at range: SourceRange) -> Failure {
    isExhausted = true
    return .mistake(id, message, at: range)
  }

  /// Guards recursion: every `enter` needs its `leave`, best by `defer`.
  func enter(_ range: SourceRange) throws(Failure) {
    if depth >= Self.depthLimit {
      throw .mistake("nested-too-deeply", "nested deeper than \(Self.depthLimit) levels", at: range)
    }
    depth += 1
  }

  func leave() { depth -= 1 }
}
