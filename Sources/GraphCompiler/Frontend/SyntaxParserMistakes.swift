import SourceText

/// Where mistakes of syntax are blamed on.
extension SyntaxParser {
  /// "expected X, found Y". What is missing at the end of a line is blamed on that line, not on the next.
  func unexpected(_ expected: String, help: String? = nil) -> CompileError {
    guard lineEnded, cursor.position > 0 else { return cursor.unexpected(expected, help: help) }
    let last = cursor.range(from: cursor.position - 1)
    let place = SourceRange(file: last.file, lower: last.upper, upper: last.upper)
    return CompileError(
      "unexpected-token", "expected \(expected), found the end of the line", at: place, help: help)
  }

  /// Whether the next token stands on another line, outside of brackets.
  var lineEnded: Bool { openBrackets == 0 && (cursor.peek().precededByNewline || cursor.atEnd) }

  mutating func expect(_ sign: Punctuation, _ context: String) throws(CompileError) {
    if lineEnded || cursor.accept(sign) == nil { throw unexpected("'\(sign.rawValue)' \(context)") }
  }

  mutating func expectName(_ what: String) throws(CompileError) -> NameSyntax {
    guard !lineEnded, let found = cursor.acceptIdentifier() else { throw unexpected(what) }
    return NameSyntax(text: found.name, range: found.range)
  }

  mutating func parsePath(_ what: String) throws(CompileError) -> NameSyntax {
    if lineEnded { throw unexpected(what) }
    let (path, range) = try cursor.expectPath(what)
    return NameSyntax(text: path, range: range)
  }

  /// Consumes an opening bracket: up to `close`, the ends of lines do not count. After a mistake the brackets
  /// count as closed.
  mutating func open() -> SourceRange {
    openBrackets += 1
    return cursor.advance().range
  }

  /// Consumes the closing bracket.
  /// - Parameter separator: what else could stand in its place, with quotes.
  mutating func close(
    _ opening: SourceRange, _ closing: Punctuation, or separator: String? = nil
  ) throws(CompileError) {
    if cursor.accept(closing) != nil {
      openBrackets -= 1
      return
    }
    let found = cursor.peek()
    let expected = (separator.map { "\($0) or " } ?? "") + "'\(closing.rawValue)'"
    let isFar = found.precededByNewline || cursor.atEnd
    throw CompileError(
      "unexpected-token", "expected \(expected), found \(found.description)", at: found.range,
      notes: isFar ? [.init("to close this", at: opening)] : [])
  }

  /// Whether an expression that should go on here ended with the line before: a new statement, a '}' or the
  /// end follows.
  var expressionEnded: Bool {
    guard lineEnded else { return false }
    if cursor.at(.rightBrace) || cursor.atEnd { return true }
    guard case .identifier = cursor.peek().kind else { return false }
    if case .identifier = cursor.peek(1).kind { return !cursor.peek(1).precededByNewline }
    return cursor.at(.equal, ahead: 1)
  }

  /// The names that a statement seems to define: so that their uses are not blamed as well.
  func broken(from start: Int) -> StatementSyntax {
    var scout = cursor
    scout.rewind(to: start)
    var names: [String] = []
    while scout.position < cursor.position, !scout.atEnd {
      let position = scout.position
      if let found = try? scout.expectPath() {
        let follows = scout.at(.colon) || scout.at(.equal) || scout.at(.comma) || scout.atStatementEnd
        if follows { names.append(found.path) }
      }
      if scout.position == position { scout.advance() }
    }
    return StatementSyntax(kind: .broken(names), range: cursor.range(from: start))
  }
}
