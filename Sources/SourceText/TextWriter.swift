/// Builds indented text; the only code that counts spaces.
package struct TextWriter: Sendable {
  package private(set) var text = ""
  private let indentWidth: Int
  private var level = 0

  package init(indentWidth: Int = 2) {
    self.indentWidth = indentWidth
  }

  /// Appends a line (or several, where the text has newlines) at the current indentation.
  /// Empty lines get no spaces.
  package mutating func line(_ content: String = "") {
    if !content.utf8.contains(UInt8(ascii: "\n")) {
      if !content.isEmpty {
        indent()
        text += content
      }
      text += "\n"
      return
    }
    for piece in content.split(separator: "\n", omittingEmptySubsequences: false) {
      if !piece.isEmpty {
        indent()
        text += piece
      }
      text += "\n"
    }
  }

  /// Appends text that is indented as it should be, with its newlines.
  package mutating func verbatim(_ content: String) { text += content }

  private mutating func indent() {
    if level > 0 { text += String(repeating: " ", count: level * indentWidth) }
  }

  package mutating func lines(_ contents: some Sequence<String>) {
    for content in contents { line(content) }
  }

  /// An empty line, but never two in a row and never at the beginning.
  package mutating func blank() {
    let bytes = text.utf8
    if bytes.isEmpty || bytes.suffix(2).elementsEqual("\n\n".utf8) { return }
    text += "\n"
  }

  /// Everything that `body` writes stands one level deeper.
  package mutating func indented<Failure: Error>(
    _ body: (inout TextWriter) throws(Failure) -> Void
  ) throws(Failure) {
    level += 1
    defer { level -= 1 }
    try body(&self)
  }

  /// `opening`, the body one level deeper, `closing`.
  package mutating func block<Failure: Error>(
    _ opening: String, closing: String = "}", _ body: (inout TextWriter) throws(Failure) -> Void
  ) throws(Failure) {
    line(opening)
    try indented(body)
    line(closing)
  }
}
