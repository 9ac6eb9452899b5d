/// Whose fault an error is; decides the exit code of the command line.
package enum ErrorKind: Sendable, Hashable {
  /// The input is wrong (exit code 1).
  case invalidInput
  /// The input may be right, but this compiler cannot do it (exit code 3).
  case unsupported
}

/// What the user is told about their text: lower case, no full stop, names quoted with '...'.
package struct Diagnostic: Sendable, Hashable {
  package enum Severity: String, Sendable {
    case error, warning, note
  }

  /// Points at the other party of a mistake.
  package struct Note: Sendable, Hashable {
    package var message: String
    package var range: SourceRange?

    package init(_ message: String, at range: SourceRange? = nil) {
      self.message = message
      self.range = range
    }
  }

  /// An edit that surely mends the mistake.
  package struct FixIt: Sendable, Hashable {
    package var range: SourceRange
    package var replacement: String
    package var message: String

    package init(_ message: String, replace range: SourceRange, with replacement: String) {
      self.message = message
      self.range = range
      self.replacement = replacement
    }
  }

  package var severity: Severity
  /// Kebab-case name of the mistake, stable over releases.
  package var id: String
  package var message: String
  package var range: SourceRange
  package var kind: ErrorKind
  package var notes: [Note]
  package var fixIts: [FixIt]
  /// Printed after the carets, for example "did you mean 'stride'?".
  package var help: String?
  /// What the message is about, for machines: names and what they name.
  package var subjects: [Subject] = []

  package struct Subject: Sendable, Hashable {
    package var key: String
    package var values: [String]

    package init(_ key: String, _ values: [String]) {
      self.key = key
      self.values = values
    }
  }

  package init(
    _ severity: Severity = .error, _ id: String, _ message: String, at range: SourceRange,
    kind: ErrorKind = .invalidInput, notes: [Note] = [], fixIts: [FixIt] = [], help: String? = nil
  ) {
    self.severity = severity
    self.id = id
    self.message = message
    self.range = range
    self.kind = kind
    self.notes = notes
    self.fixIts = fixIts
    self.help = help
  }
}

/// Why a text was refused: at least one diagnostic.
package struct CompileError: Error, Sendable, Hashable {
  package let diagnostics: [Diagnostic]

  package init(_ diagnostic: Diagnostic) {
    diagnostics = [diagnostic]
  }

  package init(
    _ id: String, _ message: String, at range: SourceRange, kind: ErrorKind = .invalidInput,
    notes: [Diagnostic.Note] = [], fixIts: [Diagnostic.FixIt] = [], help: String? = nil
  ) {
    let diagnostic = Diagnostic(
      .error, id, message, at: range, kind: kind, notes: notes, fixIts: fixIts, help: help)
    diagnostics = [diagnostic]
  }

  /// Nil when none of the diagnostics is an error. Warnings among errors are kept.
  package init?(_ diagnostics: [Diagnostic]) {
    guard diagnostics.contains(where: { $0.severity == .error }) else { return nil }
    self.diagnostics = diagnostics
  }

  /// Unsupported only if nothing else is wrong.
  package var kind: ErrorKind {
    let errors = diagnostics.filter { $0.severity == .error }
    return errors.allSatisfy { $0.kind == .unsupported } ? .unsupported : .invalidInput
  }
}
