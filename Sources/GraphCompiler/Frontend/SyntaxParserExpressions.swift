import LoopIR
import SourceText

extension SyntaxParser {
  /// `choice -> stage -> stage`: the arrow binds weakest and may begin a line.
  mutating func parseExpression() throws(CompileError) -> ExpressionSyntax {
    let start = cursor.position
    let first = try parseComparison()
    var stages: [StageSyntax] = []
    while cursor.accept(.arrow) != nil { stages.append(try parseStage()) }
    if stages.isEmpty { return first }
    return ExpressionSyntax(kind: .chain(first, stages), range: cursor.range(from: start))
  }

  /// Whether the next token belongs to this line or an open bracket.
  private var lineGoesOn: Bool { openBrackets > 0 || !cursor.peek().precededByNewline }

  private func infix(_ signs: [(Punctuation, InfixOperator)]) -> InfixOperator? {
    guard lineGoesOn, case .punctuation(let sign) = cursor.peek().kind else { return nil }
    return signs.first { $0.0 == sign }?.1
  }

  private mutating func parseComparison() throws(CompileError) -> ExpressionSyntax {
    let start = cursor.position
    let left = try parseSum()
    let signs: [(Punctuation, InfixOperator)] = [
      (.equalEqual, .equal), (.notEqual, .notEqual), (.less, .less), (.lessEqual, .lessEqual),
      (.greater, .greater), (.greaterEqual, .greaterEqual),
    ]
    guard let sign = infix(signs) else { return left }
    cursor.advance()
    let operation = OperationSyntax(sign: sign, right: try parseSum())
    if infix(signs) != nil {
      throw unexpected("one comparison", help: "comparisons do not chain; use 'and(a < b, b < c)'")
    }
    return ExpressionSyntax(kind: .operations(left, [operation]), range: cursor.range(from: start))
  }

  private mutating func parseSum() throws(CompileError) -> ExpressionSyntax {
    let start = cursor.position
    let first = try parseProduct()
    var rest: [OperationSyntax] = []
    while let sign = infix([(.plus, .add), (.minus, .sub)]) {
      cursor.advance()
      rest.append(OperationSyntax(sign: sign, right: try parseProduct()))
    }
    if rest.isEmpty { return first }
    return ExpressionSyntax(kind: .operations(first, rest), range: cursor.range(from: start))
  }

  private mutating func parseProduct() throws(CompileError) -> ExpressionSyntax {
    let start = cursor.position
    let first = try parseUnary()
    var rest: [OperationSyntax] = []
    while let sign = infix([(.star, .mul), (.slash, .div)]) {
      cursor.advance()
      rest.append(OperationSyntax(sign: sign, right: try parseUnary()))
    }
    if rest.isEmpty { return first }
    return ExpressionSyntax(kind: .operations(first, rest), range: cursor.range(from: start))
  }

  private mutating func parseUnary() throws(CompileError) -> ExpressionSyntax {
    let start = cursor.position
    try cursor.enter(limit: Self.depthLimit)
    defer { cursor.leave() }
    guard cursor.accept(.minus) != nil else { return try parsePower() }
    let operand = try parseUnary()
    return ExpressionSyntax(kind: .negation(operand), range: cursor.range(from: start))
  }

  private mutating func parsePower() throws(CompileError) -> ExpressionSyntax {
    let start = cursor.position
    let base = try parsePrimary()
    guard infix([(.caret, .pow)]) != nil else { return base }
    cursor.advance()
    let operation = OperationSyntax(sign: .pow, right: try parseUnary())
    return ExpressionSyntax(kind: .operations(base, [operation]), range: cursor.range(from: start))
  }

  private mutating func parsePrimary() throws(CompileError) -> ExpressionSyntax {
    if expressionEnded { throw unexpected("an expression") }
    let token = cursor.peek()
    switch token.kind {
    case .integer(let value): return literal(.int(value))
    case .float(let value): return literal(.float(value))
    case .string(let value): return literal(.string(value))
    case .identifier("true"): return literal(.bool(true))
    case .identifier("false"): return literal(.bool(false))
    case .identifier(let word):
      if cursor.at(.leftParen, ahead: 1), !cursor.peek(1).precededByNewline {
        let call = try parseCall()
        return ExpressionSyntax(kind: .call(call), range: call.range)
      }
      if ElementType(rawValue: word) != nil, cursor.at(.leftBracket, ahead: 1) {
        let type = try parseType()
        return ExpressionSyntax(kind: .type(type), range: type.range)
      }
      let (path, range) = try cursor.expectPath("a value")
      return ExpressionSyntax(kind: .path(path), range: range)
    case .punctuation(.leftParen):
      return try parseParenthesis()
    case .punctuation(.leftBracket):
      let start = cursor.position
      let elements = try parseList()
      return ExpressionSyntax(kind: .list(elements), range: cursor.range(from: start))
    case .punctuation(let sign) where Self.infixSigns.contains(sign) && token.precededByNewline:
      throw cursor.unexpected(
        "an expression", help: "an operator continues a line only at its end, or inside of parentheses")
    case .punctuation, .endOfFile:
      throw cursor.unexpected("an expression")
    }
  }

  private static let infixSigns: Set<Punctuation> = [
    .plus, .star, .slash, .caret, .equalEqual, .notEqual, .less, .lessEqual, .greater, .greaterEqual,
  ]

  private mutating func parseParenthesis() throws(CompileError) -> ExpressionSyntax {
    let start = cursor.position
    let opening = open()
    var inner = try parseExpression()
    try close(opening, .rightParen)
    inner.range = cursor.range(from: start)
    return inner
  }

  private mutating func literal(_ value: Attribute) -> ExpressionSyntax {
    ExpressionSyntax(kind: .literal(value), range: cursor.advance().range)
  }

  /// `[a, b, c]`.
  mutating func parseList() throws(CompileError) -> [ExpressionSyntax] {
    let opening = open()
    var elements: [ExpressionSyntax] = []
    while !cursor.at(.rightBracket) {
      elements.append(try parseExpression())
      if cursor.accept(.comma) == nil { break }
    }
    try close(opening, .rightBracket, or: "','")
    return elements
  }

  /// `name(arguments)`, or a bare name.
  mutating func parseCall() throws(CompileError) -> CallSyntax {
    let start = cursor.position
    let (word, range) = try cursor.expectIdentifier("an operator or block")
    var arguments: [ArgumentSyntax] = []
    if cursor.at(.leftParen), !cursor.peek().precededByNewline {
      let opening = open()
      while !cursor.at(.rightParen) {
        arguments.append(try parseArgument())
        if cursor.accept(.comma) == nil { break }
      }
      try close(opening, .rightParen, or: "','")
    }
    let name = NameSyntax(text: word, range: range)
    return CallSyntax(name: name, arguments: arguments, range: cursor.range(from: start))
  }

  private mutating func parseArgument() throws(CompileError) -> ArgumentSyntax {
    guard case .identifier(let word) = cursor.peek().kind else {
      return ArgumentSyntax(name: nil, value: try parseExpression())
    }
    if cursor.at(.colon, ahead: 1) {
      let name = NameSyntax(text: word, range: cursor.advance().range)
      cursor.advance()
      return ArgumentSyntax(name: name, value: try parseExpression())
    }
    if cursor.at(.equal, ahead: 1) { throw equalSign(after: word) }
    return ArgumentSyntax(name: nil, value: try parseExpression())
  }

  private mutating func equalSign(after word: String) -> CompileError {
    cursor.advance()
    let sign = cursor.peek().range
    return CompileError(
      "unexpected-token", "expected ':' after the name of an argument, found '='", at: sign,
      fixIts: [.init("write '\(word.clipped(to: 40)):'", replace: sign, with: ":")])
  }

  private mutating func parseStage() throws(CompileError) -> StageSyntax {
    let start = cursor.position
    try cursor.enter(limit: Self.depthLimit)
    defer { cursor.leave() }
    let label = try parseLabel()
    let body: StageSyntax.Body
    if cursor.at(.leftBracket) {
      let opening = open()
      var stages = [try parseStage()]
      while cursor.accept(.arrow) != nil { stages.append(try parseStage()) }
      try close(opening, .rightBracket, or: "'->'")
      body = .group(stages)
    } else if case .identifier = cursor.peek().kind, !expressionEnded {
      body = .call(try parseCall())
    } else {
      let expected = "an operator, a block or '[' after '->'"
      throw expressionEnded ? unexpected(expected) : cursor.unexpected(expected)
    }
    var factor: ExpressionSyntax?
    if lineGoesOn, cursor.accept(.star) != nil { factor = try parsePower() }
    return StageSyntax(label: label, body: body, factor: factor, range: cursor.range(from: start))
  }

  /// `name:` before a stage.
  private mutating func parseLabel() throws(CompileError) -> NameSyntax? {
    guard case .identifier = cursor.peek().kind else { return nil }
    let start = cursor.position
    let (path, range) = try cursor.expectPath("a label")
    if cursor.accept(.colon) != nil { return NameSyntax(text: path, range: range) }
    cursor.rewind(to: start)
    return nil
  }
}
