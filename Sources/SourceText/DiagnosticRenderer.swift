/// Turns diagnostics into what the user reads:
/// ```
/// lenet.graph:7:20: error: 'conv2d' has no attribute 'strid'
///   7 | c1 = conv2d(x, w1, strid: 2)
///     |                    ^~~~~ did you mean 'stride'?
/// ```
package struct DiagnosticRenderer: Sendable {
  /// Whether severities and carets are colored with ANSI sequences.
  package var color: Bool
  /// Longest headline, in characters.
  package static let headlineLimit = 400

  package init(color: Bool = false) {
    self.color = color
  }

  /// All diagnostics in the given order, each line ended with a newline.
  /// Most diagnostics that one text shows: later ones seldom say more than the first. What is not supported
  /// is shown all.
  package static let limit = 15

  package func render(_ diagnostics: [Diagnostic]) -> String {
    var left = Self.limit
    let kept = diagnostics.filter { diagnostic in
      if diagnostic.kind == .unsupported { return true }
      left -= 1
      return left >= 0
    }
    let shown = kept.map { render($0) }.joined()
    let hidden = diagnostics.count - kept.count
    return hidden > 0 ? shown + "… and \(hidden) more; mend these first\n" : shown
  }

  package func render(_ diagnostic: Diagnostic) -> String {
    let help = diagnostic.help ?? diagnostic.fixIts.first?.message
    var lines = entry(diagnostic.severity, diagnostic.message, at: diagnostic.range, help: help)
    for note in diagnostic.notes {
      lines += entry(.note, note.message, at: note.range ?? .unknown, help: nil)
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// The same facts for machines: an array of objects.
  package static func json(_ diagnostics: [Diagnostic]) -> JSON {
    .array(diagnostics.map(json))
  }

  private func entry(
    _ severity: Diagnostic.Severity, _ message: String, at range: SourceRange, help: String?
  ) -> [String] {
    let place = range.file == nil ? "" : "\(range): ".escapingControls
    let limit = max(Self.headlineLimit - place.unicodeScalars.count - severity.rawValue.count - 2, 40)
    let text = message.escapingControls.clipped(to: limit)
    let headline =
      paint(place, .bold) + paint("\(severity.rawValue):", .severity(severity)) + " " + paint(text, .bold)
    guard let snippet = SourceSnippet(range) else {
      let tail = help.map { ["  \($0.escapingControls)"] } ?? []
      return [headline] + tail
    }
    let number = String(snippet.line)
    let margin = String(repeating: " ", count: number.count)
    let suffix = help.map { " " + $0.escapingControls } ?? ""
    let carets = snippet.indent + paint(snippet.carets, .severity(severity)) + suffix
    return [headline, "  \(number) | \(snippet.text)", "  \(margin) | \(carets)"]
  }

  private enum Style {
    case bold
    case severity(Diagnostic.Severity)
  }

  private func paint(_ text: String, _ style: Style) -> String {
    guard color, !text.isEmpty else { return text }
    let code =
      switch style {
      case .bold: "1"
      case .severity(.error): "1;31"
      case .severity(.warning): "1;35"
      case .severity(.note): "1;36"
      }
    return "\u{1b}[\(code)m\(text)\u{1b}[0m"
  }

  private static func json(_ diagnostic: Diagnostic) -> JSON {
    var members = place(diagnostic.range)
    members.append(("severity", .string(diagnostic.severity.rawValue)))
    members.append(("id", .string(diagnostic.id)))
    members.append(("message", .string(diagnostic.message)))
    if diagnostic.kind == .unsupported { members.append(("unsupported", .bool(true))) }
    for subject in diagnostic.subjects {
      members.append((subject.key, .array(subject.values.map { .string($0) })))
    }
    if let help = diagnostic.help { members.append(("help", .string(help))) }
    let notes = diagnostic.notes.map { note in
      JSON.object(place(note.range ?? .unknown) + [("message", .string(note.message))])
    }
    if !notes.isEmpty { members.append(("notes", .array(notes))) }
    let fixIts = diagnostic.fixIts.map { fixIt in
      JSON.object(
        place(fixIt.range) + [
          ("message", .string(fixIt.message)), ("replacement", .string(fixIt.replacement)),
        ])
    }
    if !fixIts.isEmpty { members.append(("fixIts", .array(fixIts))) }
    return .object(members)
  }

  private static func place(_ range: SourceRange) -> [(String, JSON)] {
    guard let file = range.file, let start = range.start, let end = range.end else { return [] }
    if !file.isText { return [("file", .string(file.path))] }
    return [
      ("file", .string(file.path)), ("line", .int(start.line)), ("column", .int(start.column)),
      ("endLine", .int(end.line)), ("endColumn", .int(end.column)),
    ]
  }
}
