/// Walks over the tokens of a text and collects what is wrong with it.
///
/// Parsing functions throw at the first mistake of a statement; the loop over the statements catches,
/// calls `report` and `recover`, and goes on, so that one run reports the mistakes of several statements:
/// ```
/// while !cursor.at(.rightBrace), !cursor.atEnd {
///   let start = cursor.position
///   do throws(CompileError) { try parseStatement() } catch {
///     cursor.report(error)
///     cursor.recover(from: start)
///   }
/// }
/// ```
package struct TokenCursor {
  /// How deep `enter` may nest before it refuses.
  package static let depthLimit = 200

  package let file: SourceFile
  private let tokens: [Token]
  /// Index of the token that `peek()` shows.
  package private(set) var position = 0
  package private(set) var diagnostics: [Diagnostic]
  private var depth = 0

  package init(_ file: SourceFile) {
    self.file = file
    (tokens, diagnostics) = Lexer.tokens(of: file)
  }

  // MARK: Looking

  /// The token `ahead` places on; beyond the end it is the end-of-file token.
  package func peek(_ ahead: Int = 0) -> Token {
    tokens[min(position + ahead, tokens.count - 1)]
  }

  package var atEnd: Bool { peek().kind == .endOfFile }

  package func at(_ sign: Punctuation, ahead: Int = 0) -> Bool {
    peek(ahead).kind == .punctuation(sign)
  }

  package func at(keyword: String, ahead: Int = 0) -> Bool {
    peek(ahead).kind == .identifier(keyword)
  }

  /// Whether nothing more stands on the line of the token before: a new line, '}' or the end follows.
  package var atStatementEnd: Bool {
    peek().precededByNewline || at(.rightBrace) || atEnd
  }

  /// Range from a token that was at `start` to the last token consumed.
  package func range(from start: Int) -> SourceRange {
    let first = tokens[min(start, tokens.count - 1)].range
    guard position > start else { return first }
    return first.union(tokens[position - 1].range)
  }

  // MARK: Moving

  /// Consumes and returns the next token; the end of the file is never passed.
  @discardableResult
  package mutating func advance() -> Token {
    let token = peek()
    if position < tokens.count - 1 { position += 1 }
    return token
  }

  /// Goes back (or on) to a position that `position` gave.
  package mutating func rewind(to position: Int) {
    self.position = min(max(position, 0), tokens.count - 1)
  }

  @discardableResult
  package mutating func accept(_ sign: Punctuation) -> Token? {
    at(sign) ? advance() : nil
  }

  @discardableResult
  package mutating func accept(keyword: String) -> Token? {
    at(keyword: keyword) ? advance() : nil
  }

  package mutating func acceptIdentifier() -> (name: String, range: SourceRange)? {
    guard case .identifier(let name) = peek().kind else { return nil }
    return (name, advance().range)
  }

  // MARK: Expecting

  /// "expected X, found Y" at the next token.
  /// - Parameter expected: what could stand here, with quotes if it is a spelling: `"')'"`, `"a type"`.
  package func unexpected(_ expected: String, help: String? = nil) -> CompileError {
    let token = peek()
    return CompileError(
      "unexpected-token", "expected \(expected), found \(token.description)", at: token.range, help: help)
  }

  /// - Parameter context: where the sign is missing, for example "after the parameters".
  @discardableResult
  package mutating func expect(
    _ sign: Punctuation, _ context: String? = nil
  ) throws(CompileError) -> Token {
    if let token = accept(sign) { return token }
    throw unexpected("'\(sign.rawValue)'" + (context.map { " " + $0 } ?? ""))
  }

  @discardableResult
  package mutating func expect(keyword: String) throws(CompileError) -> Token {
    if let token = accept(keyword: keyword) { return token }
    throw unexpected("'\(keyword)'")
  }

  /// - Parameter what: what the name is for, with its article: "a value name".
  package mutating func expectIdentifier(
    _ what: String = "a name"
  ) throws(CompileError) -> (name: String, range: SourceRange) {
    if let found = acceptIdentifier() { return found }
    throw unexpected(what)
  }

  package mutating func expectInteger(
    _ what: String = "an integer"
  ) throws(CompileError) -> (value: Int, range: SourceRange) {
    guard case .integer(let value) = peek().kind else { throw unexpected(what) }
    return (value, advance().range)
  }

  package mutating func expectString(
    _ what: String = "a string"
  ) throws(CompileError) -> (value: String, range: SourceRange) {
    guard case .string(let value) = peek().kind else { throw unexpected(what) }
    return (value, advance().range)
  }

  /// A dotted name without spaces inside, such as `layer1.2.conv1.weight`.
  package mutating func expectPath(
    _ what: String = "a name"
  ) throws(CompileError) -> (path: String, range: SourceRange) {
    var (path, range) = try expectIdentifier(what)
    while at(.dot), !peek().precededBySpace, !peek(1).precededBySpace {
      switch peek(1).kind {
      case .identifier, .integer: break
      case .float, .string, .punctuation, .endOfFile: return (path, range)
      }
      advance()
      let component = advance().range
      path += "." + component.text
      range = range.union(component)
    }
    return (path, range)
  }

  package func expectEnd() throws(CompileError) {
    if !atEnd { throw unexpected("end of file") }
  }

  // MARK: Mistakes

  package mutating func report(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

  package mutating func report(_ error: CompileError) { diagnostics += error.diagnostics }

  /// Throws everything collected if an error is among it.
  package func throwIfErrors() throws(CompileError) {
    if let error = CompileError(diagnostics) { throw error }
  }

  /// Guards recursion: every `enter` needs its `leave`, best by `defer`.
  package mutating func enter(limit: Int = depthLimit) throws(CompileError) {
    if depth >= limit {
      throw CompileError("nested-too-deeply", "nested deeper than \(limit) levels", at: peek().range)
    }
    depth += 1
  }

  package mutating func leave() {
    precondition(depth > 0, "leave() without enter()")
    depth -= 1
  }

  /// After a mistake in the statement that began at `start`: goes on to the next statement, that is to the
  /// next line outside of the statement's brackets, to the '}' that closes what is around it, or to a line
  /// that can only be a new statement (`name =`, `word word`) if a bracket was left open. If the statement
  /// ran into such a line before the mistake was seen, that line is next.
  ///
  /// At least one token after `start` is passed, unless '}' stands there: that is the caller's.
  package mutating func recover(from start: Int) {
    let mistake = position
    position = min(start + 1, mistake)
    while position < mistake {
      if peek().precededByNewline, beginsStatement { return }
      position += 1
    }
    var open = 0
    for token in tokens[min(start, position)..<position] {
      open = max(0, open + token.nesting)
    }
    if position == start, !at(.rightBrace) { open = max(0, open + advance().nesting) }
    while !atEnd {
      if peek().precededByNewline, !at(.arrow), open == 0 || beginsStatement { return }
      if at(.rightBrace), open == 0 || !braceIsOpen(from: start) { return }
      open = max(0, open + advance().nesting)
    }
  }

  private var beginsStatement: Bool {
    guard case .identifier = peek().kind else { return false }
    if case .identifier = peek(1).kind { return !peek(1).precededByNewline }
    return at(.equal, ahead: 1)
  }

  /// Whether a '{' of the statement is still open at the current token.
  private func braceIsOpen(from start: Int) -> Bool {
    var open = 0
    for token in tokens[min(start, position)..<position] {
      if token.kind == .punctuation(.leftBrace) { open += 1 }
      if token.kind == .punctuation(.rightBrace) { open -= 1 }
    }
    return open > 0
  }
}

extension Token {
  /// +1 for an opening bracket, -1 for a closing one.
  fileprivate var nesting: Int {
    switch kind {
    case .punctuation(.leftParen), .punctuation(.leftBracket), .punctuation(.leftBrace): 1
    case .punctuation(.rightParen), .punctuation(.rightBracket), .punctuation(.rightBrace): -1
    case .identifier, .integer, .float, .string, .punctuation, .endOfFile: 0
    }
  }
}
