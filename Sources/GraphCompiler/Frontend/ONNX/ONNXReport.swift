import SourceText

/// What is wrong with a model, and what of it is not supported.
struct ONNXReport {
  private let source: SourceFile
  private var diagnostics: [Diagnostic] = []
  /// Operators without a rule: their nodes, in order of first use.
  private var missing: [(operator: String, nodes: [ONNXNode])] = []
  /// Where each of them is in the list.
  private var missingPlaces: [String: Int] = [:]
  /// Most operators for which one of a similar name is looked up.
  private static let suggestionLimit = 16
  /// Most nodes of one operator that the text lists; machines get all.
  private static let noteLimit = 8

  init(_ source: SourceFile) { self.source = source }

  /// A model has no lines: the file is the place, messages name the node.
  var range: SourceRange { SourceRange(file: source, lower: 0, upper: 0) }

  func failure(_ message: String, help: String? = nil) -> CompileError {
    CompileError("invalid-model", message, at: range, help: help)
  }

  mutating func add(_ message: String, kind: ErrorKind = .invalidInput, help: String? = nil) {
    let id = kind == .unsupported ? "unsupported-node" : "invalid-node"
    diagnostics.append(Diagnostic(.error, id, message, at: range, kind: kind, help: help))
  }

  mutating func refuse(_ node: ONNXNode, _ error: OpError) {
    add("\(node.place): \(error.message)", kind: error.kind, help: error.help)
    diagnostics[diagnostics.count - 1].subjects = subjects([node])
  }

  mutating func missing(_ node: ONNXNode) {
    let name = node.domain.isEmpty ? node.type : "\(node.domain).\(node.type)"
    if let place = missingPlaces[name] {
      missing[place].nodes.append(node)
    } else {
      missingPlaces[name] = missing.count
      missing.append((name, [node]))
    }
  }

  private func subjects(_ nodes: [ONNXNode]) -> [Diagnostic.Subject] {
    [
      .init("operators", Array(nodes.prefix(1).map(\.type))),
      .init("nodes", nodes.map { $0.name.isEmpty ? $0.outputs.first ?? "" : $0.name }),
    ]
  }

  /// Throws if anything was reported.
  func finish() throws(CompileError) {
    let known = ONNXRules.all.filter { $0.domain.isEmpty }.map(\.name)
    let operators = missing.enumerated().map { place, entry in
      let (name, nodes) = entry
      let others = nodes.count > 1 ? " and \(nodes.count - 1) more" : ""
      let near = place < Self.suggestionLimit ? didYouMean(nodes[0].type, among: known) : nil
      var diagnostic = Diagnostic(
        .error, "unsupported-operator", "operator '\(name)' is not supported: \(nodes[0].place)\(others)",
        at: range,
        kind: .unsupported, notes: nodes.dropFirst().prefix(Self.noteLimit).map { .init("also \($0.place)") },
        help: near ?? "a function of the model that has this name would be read in its place")
      diagnostic.subjects = subjects(nodes)
      return diagnostic
    }
    if let error = CompileError(operators + diagnostics) { throw error }
  }
}
