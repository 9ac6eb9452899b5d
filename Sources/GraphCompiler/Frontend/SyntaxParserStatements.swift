import LoopIR
import SourceText

extension SyntaxParser {
  /// The words that begin statements, and where these may stand.
  private static let keywords: [(word: String, contexts: [StatementContext])] = [
    ("input", [.graph, .train]), ("output", [.graph]), ("param", [.graph, .block]),
    ("const", [.graph, .block]), ("weights", [.graph]), ("train", [.graph]), ("kernel", [.graph, .train]),
    ("return", [.block]), ("minimize", [.train]), ("with", [.train]), ("schedule", [.train]),
    ("accumulate", [.train]), ("augment", [.train]), ("clip", [.train]), ("freeze", [.train]),
  ]

  mutating func parseStatement(_ context: StatementContext) throws(CompileError) -> StatementSyntax {
    let start = cursor.position
    let kind: StatementSyntax.Kind
    var misplaced: CompileError?
    if let keyword = keyword(context) {
      misplaced = mistake(of: keyword, in: context)
      cursor.advance()
      kind = try parseKeyword(keyword, start)
    } else {
      kind = try parseAssignmentOrExpression(context)
    }
    guard cursor.atStatementEnd else {
      throw cursor.unexpected("the end of the statement")
    }
    if let misplaced {
      cursor.report(misplaced)
      return broken(from: start)
    }
    return StatementSyntax(kind: kind, range: cursor.range(from: start))
  }

  /// The keyword that begins this statement. A value may be called like one: `output = relu(input)`.
  private func keyword(_ context: StatementContext) -> String? {
    guard case .identifier(let word) = cursor.peek().kind,
      Self.keywords.contains(where: { $0.word == word })
    else { return nil }
    let next = cursor.peek(1)
    switch word {
    case "return": return word
    case "train", "kernel": return cursor.at(.leftBrace, ahead: 1) ? word : nil
    case "minimize" where context == .train:
      return !cursor.at(.equal, ahead: 1) && !next.precededByNewline ? word : nil
    default:
      if next.precededByNewline { return nil }
      switch next.kind {
      case .identifier, .string, .integer, .float: return word
      case .punctuation, .endOfFile: return nil
      }
    }
  }

  /// Says where the statement belongs, if not here.
  private func mistake(of keyword: String, in context: StatementContext) -> CompileError? {
    let places = Self.keywords.first { $0.word == keyword }?.contexts ?? []
    if places.contains(context) { return nil }
    let list = places.map(\.description).joined(separator: " or ")
    return CompileError(
      "misplaced-statement", "'\(keyword)' stands only in \(list), found in \(context.description)",
      at: cursor.peek().range)
  }

  private mutating func parseKeyword(
    _ keyword: String, _ start: Int
  ) throws(CompileError) -> StatementSyntax.Kind {
    switch keyword {
    case "input":
      let name = try parsePath("a name for the input")
      try expect(.colon, "and the type of the input")
      return .input(name, try parseType())
    case "output":
      let name = try parsePath("a name for the output")
      return .output(name, cursor.accept(.equal) == nil ? nil : try parseExpression())
    case "param":
      let name = try parsePath("a name for the parameter")
      try expect(.colon, "and the type of the parameter")
      let type = try parseType()
      return .parameter(name, type, cursor.accept(.equal) == nil ? nil : try parseExpression())
    case "const":
      let name = try parsePath("a name for the constant")
      let type = cursor.accept(.colon) == nil ? nil : try parseType()
      try expect(.equal, "and the value of the constant")
      return .constant(name, type, try parseExpression())
    case "weights":
      return .weights(try cursor.expectString("the path of a weights file in double quotes").value)
    case "train": return .train(try parseBraces(.train, of: cursor.range(from: start)))
    case "kernel": return .kernel(try parseBraces(.kernel, of: cursor.range(from: start)))
    case "return": return .returning(try parseResults())
    case "minimize": return .minimize(try parseExpression())
    case "freeze": return .freeze(try parsePatterns())
    default:
      guard let kind = TrainDirective.Kind(rawValue: keyword) else {
        preconditionFailure("'\(keyword)' is a keyword without a statement")
      }
      return .directive(kind, try parseCall())
    }
  }

  private mutating func parseAssignmentOrExpression(
    _ context: StatementContext
  ) throws(CompileError) -> StatementSyntax.Kind {
    let start = cursor.position
    if case .identifier(let word) = cursor.peek().kind {
      if case .identifier = cursor.peek(1).kind, !cursor.peek(1).precededByNewline {
        throw unknownStatement(word, context)
      }
      var names = [try parseName()]
      while cursor.at(.comma), case .identifier = cursor.peek(1).kind {
        cursor.advance()
        names.append(try parseName())
      }
      if cursor.accept(.equal) != nil { return .assignment(names, try parseExpression()) }
      if names.count > 1 { throw unexpected("'=' after the names") }
      cursor.rewind(to: start)
    }
    return .expression(try parseExpression())
  }

  private mutating func parseName() throws(CompileError) -> NameSyntax {
    let (path, range) = try cursor.expectPath()
    return NameSyntax(text: path, range: range)
  }

  private func unknownStatement(_ word: String, _ context: StatementContext) -> CompileError {
    let words = Self.keywords.filter { $0.contexts.contains(context) }.map(\.word)
    return CompileError(
      "unknown-statement", "expected a statement, found '\(word.clipped(to: 60))' before a name",
      at: cursor.peek().range, help: didYouMean(word, among: words))
  }

  private mutating func parseResults() throws(CompileError) -> [ExpressionSyntax] {
    var values = [try parseExpression()]
    while cursor.accept(.comma) != nil { values.append(try parseExpression()) }
    return values
  }

  private mutating func parsePatterns() throws(CompileError) -> [NameSyntax] {
    var paths = [try parsePattern()]
    while cursor.accept(.comma) != nil { paths.append(try parsePattern()) }
    return paths
  }

  /// A path that may end in `.*`.
  private mutating func parsePattern() throws(CompileError) -> NameSyntax {
    let start = cursor.position
    var name = try parsePath("the name of a parameter, or 'name.*'")
    if cursor.at(.dot), cursor.at(.star, ahead: 1) {
      cursor.advance()
      cursor.advance()
      name.text += ".*"
      name.range = cursor.range(from: start)
    }
    return name
  }

  /// `f32[N, 3]`; a rank of zero is written `f32[]`.
  mutating func parseType() throws(CompileError) -> TypeSyntax {
    let start = cursor.position
    let word = try expectName("a type such as f32[1, 3]")
    guard let element = ElementType(rawValue: word.text) else {
      throw CompileError(
        "unknown-type", "unknown element type '\(word.text.clipped(to: 60))'", at: word.range,
        help: Self.elementTypeHelp(word.text))
    }
    guard !lineEnded, cursor.at(.leftBracket) else {
      throw unexpected("'[' and the extents, or '[]' for a single number")
    }
    let extents = try parseList()
    return TypeSyntax(element: element, extents: extents, range: cursor.range(from: start))
  }

  private static func elementTypeHelp(_ word: String) -> String {
    let familiar = [
      "float": "f32", "float32": "f32", "double": "f64", "float64": "f64", "half": "f16", "float16": "f16",
      "bfloat16": "bf16", "int": "i32", "int32": "i32", "int64": "i64", "long": "i64", "int8": "i8",
      "uint8": "u8", "byte": "u8", "boolean": "bool",
    ]
    let known = ElementType.allCases.map(\.rawValue)
    return familiar[word.lowercased()].map { "did you mean '\($0)'?" } ?? didYouMean(word, among: known)
      ?? "known are \(known.joined(separator: ", "))"
  }
}
