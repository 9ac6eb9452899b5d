import SourceText

extension CommandPath {
  /// `graphc compile [options] NET`.
  var usage: String {
    var parts = [name, "[options]"]
    if !command.subcommands.isEmpty { parts.append("COMMAND") }
    for positional in command.positionals {
      switch positional.arity {
      case .required: parts.append(positional.name)
      case .optional: parts.append("[\(positional.name)]")
      case .oneOrMore: parts.append("\(positional.name)...")
      case .zeroOrMore: parts.append("[\(positional.name)...]")
      }
    }
    return parts.joined(separator: " ")
  }

  /// The whole help of the command; ends with a newline.
  var help: String {
    var writer = TextWriter()
    writer.line("usage: \(usage)")
    for paragraph in [command.summary] + command.discussion {
      writer.blank()
      writer.lines(wrapped(paragraph, width: HelpTable.lineWidth))
    }
    let commands = command.subcommands.map { (term: $0.name, text: $0.summary) }
    let arguments = command.positionals.map { (term: $0.name, text: $0.summary + $0.kind.help) }
    let options = options.map { (term: $0.term, text: $0.help) }
    for (title, rows) in [("commands", commands), ("arguments", arguments), ("options", options)] {
      HelpTable(title: title, rows: rows).write(to: &writer)
    }
    if !command.examples.isEmpty {
      writer.blank()
      writer.line("examples:")
      writer.indented { $0.lines(command.examples) }
    }
    return writer.text
  }
}

extension OptionSpec {
  /// `-o, --output DIR`.
  fileprivate var term: String {
    let letter = short.map { "-\($0), " } ?? "    "
    return letter + "--" + name + (arity == .flag ? "" : " " + valueName)
  }

  fileprivate var help: String {
    var text = summary + kind.help
    if arity == .repeated || arity == .list { text += " (repeatable)" }
    if let defaultValue { text += " (default: \(defaultValue))" }
    return text
  }
}

extension ValueKind {
  fileprivate var help: String {
    guard case .choice(let choices) = self, choices.count <= Self.listLimit else { return "" }
    return ": " + choices.joined(separator: ", ")
  }
}

/// Two columns: terms on the left, wrapped text on the right.
private struct HelpTable {
  static let lineWidth = 80
  /// Where the right column begins, unless all terms are shorter.
  static let widestTerm = 26

  let title: String
  let rows: [(term: String, text: String)]

  func write(to writer: inout TextWriter) {
    if rows.isEmpty { return }
    let column = min(rows.map(\.term.count).max() ?? 0, Self.widestTerm) + 2
    writer.blank()
    writer.line(title + ":")
    writer.indented { writer in
      for (term, text) in rows {
        var lines = wrapped(text, width: Self.lineWidth - 2 - column)
        if term.count + 2 <= column, !lines.isEmpty {
          writer.line(term + String(repeating: " ", count: column - term.count) + lines.removeFirst())
        } else {
          writer.line(term)
        }
        writer.lines(lines.map { String(repeating: " ", count: column) + $0 })
      }
    }
  }
}

/// Breaks text between words; a word that is longer than the width stands on a line of its own.
func wrapped(_ text: String, width: Int) -> [String] {
  var lines: [String] = []
  for word in text.split(separator: " ") {
    if let last = lines.last, last.count + 1 + word.count <= width {
      lines[lines.count - 1] = last + " " + word
    } else {
      lines.append(String(word))
    }
  }
  return lines
}
