import LoopIR
import SourceText

/// Text to syntax tree. Mistakes are collected in the cursor; parsing goes on with the next statement.
struct SyntaxParser {
  var cursor: TokenCursor
  /// How many brackets are open in the current statement: inside, the ends of lines do not count.
  var openBrackets = 0

  /// How deep expressions may nest: a recursion this deep fits on the smallest stacks of threads.
  static let depthLimit = 32

  init(_ file: SourceFile) {
    cursor = TokenCursor(file)
  }

  /// What a text says, and what is wrong with it; first among the latter come the mistakes in single tokens.
  static func parse(
    _ file: SourceFile
  ) -> (syntax: FileSyntax, diagnostics: [Diagnostic], tokenMistakes: Int) {
    var parser = SyntaxParser(file)
    let count = parser.cursor.diagnostics.count
    let syntax = parser.parseFile()
    return (syntax, parser.cursor.diagnostics, count)
  }

  /// One expression and nothing else.
  static func parseExpression(_ file: SourceFile) throws(CompileError) -> ExpressionSyntax {
    var parser = SyntaxParser(file)
    let expression = try parser.parseExpression()
    try parser.cursor.expectEnd()
    try parser.cursor.throwIfErrors()
    return expression
  }

  private mutating func parseFile() -> FileSyntax {
    var file = FileSyntax()
    var sawGraph = false
    while !cursor.atEnd {
      let start = cursor.position
      do throws(CompileError) {
        if cursor.at(keyword: "graph") {
          if sawGraph { throw secondGraph(after: file.graph) }
          sawGraph = true
          file.graph = try parseDefinition()
        } else if cursor.at(keyword: "block") {
          file.blocks.append(try parseDefinition())
        } else {
          throw cursor.unexpected("'graph' or 'block'")
        }
      } catch {
        cursor.report(error)
        openBrackets = 0
        if case .identifier(let name) = token(at: start + 1).kind { file.brokenBlocks.insert(name) }
        skipDefinition(from: start)
      }
    }
    if !sawGraph, cursor.diagnostics.isEmpty {
      let range = cursor.peek().range
      cursor.report(
        Diagnostic(.error, "missing-graph", "expected 'graph name { … }', found none", at: range))
    }
    return file
  }

  private func secondGraph(after first: DefinitionSyntax?) -> CompileError {
    let note = first.map { Diagnostic.Note("the first graph is here", at: $0.name.range) }
    return CompileError(
      "several-graphs", "expected one graph in a file, found another", at: cursor.peek().range,
      notes: note.map { [$0] } ?? [])
  }

  private func token(at position: Int) -> Token {
    var scout = cursor
    scout.rewind(to: position)
    return scout.peek()
  }

  /// After a mistake in a header: on to the next definition.
  private mutating func skipDefinition(from start: Int) {
    if cursor.position == start { cursor.advance() }
    while !cursor.atEnd, !(cursor.peek().precededByNewline && atDefinition) { cursor.advance() }
  }

  /// `graph name {`, `block name(`: also inside of a body, where a '}' must have been forgotten.
  private var atDefinition: Bool {
    guard cursor.at(keyword: "graph") || cursor.at(keyword: "block") else { return false }
    guard case .identifier = cursor.peek(1).kind else { return false }
    return cursor.at(.leftParen, ahead: 2) || cursor.at(.leftBrace, ahead: 2)
  }

  private mutating func parseDefinition() throws(CompileError) -> DefinitionSyntax {
    let isBlock = cursor.at(keyword: "block")
    let keyword = cursor.advance()
    let name = try expectName(isBlock ? "a name for the block" : "a name for the graph")
    var parameters: [DefinitionSyntax.Parameter] = []
    if cursor.at(.leftParen) {
      let opening = open()
      parameters = try parseParameters()
      try close(opening, .rightParen, or: "','")
    } else if isBlock {
      throw unexpected("'(' and the parameters of the block")
    }
    let body = try parseBraces(isBlock ? .block : .graph, of: keyword.range.union(name.range))
    return DefinitionSyntax(name: name, parameters: parameters, body: body)
  }

  private mutating func parseParameters() throws(CompileError) -> [DefinitionSyntax.Parameter] {
    var parameters: [DefinitionSyntax.Parameter] = []
    while !cursor.at(.rightParen) {
      let name = try expectName("the name of a parameter")
      let defaultValue = cursor.accept(.equal) == nil ? nil : try parseExpression()
      parameters.append(.init(name: name, defaultValue: defaultValue))
      if cursor.accept(.comma) == nil { break }
    }
    return parameters
  }

  /// `{ statements }`. Only the braces themselves can fail; mistakes in statements are reported.
  mutating func parseBraces(
    _ context: StatementContext, of opener: SourceRange
  ) throws(CompileError) -> [StatementSyntax] {
    try cursor.expect(.leftBrace)
    var statements: [StatementSyntax] = []
    while !cursor.at(.rightBrace), !cursor.atEnd, !atDefinition {
      let start = cursor.position
      do throws(CompileError) {
        statements.append(try parseStatement(context))
      } catch {
        cursor.report(error)
        openBrackets = 0
        cursor.recover(from: start)
        statements.append(broken(from: start))
      }
    }
    if cursor.accept(.rightBrace) == nil {
      let found = cursor.peek()
      cursor.report(
        Diagnostic(
          .error, "missing-brace", "expected '}', found \(found.description)", at: found.range,
          notes: [.init("to close this", at: opener)]))
    }
    return statements
  }
}

/// Where a statement stands; decides which ones may.
enum StatementContext {
  case graph, block, train, kernel

  var description: String {
    switch self {
    case .graph: "a graph"
    case .block: "a block"
    case .train: "a train section"
    case .kernel: "a kernel"
    }
  }
}
