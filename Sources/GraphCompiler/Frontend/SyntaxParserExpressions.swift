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
    try cursor.enter()
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
      let path = try parsePath("a value")
      return ExpressionSyntax(kind: .path(path.text), range: path.range)
    case .punctuation(.leftParen):
      let start = cursor.position
      cursor.advance()
      openBrackets += 1
      defer { openBrackets -= 1 }
      var inner = try parseExpression()
      try cursor.expect(.rightParen)
      inner.range = cursor.range(from: start)
      return inner
    case .punctuation(.leftBracket):
      let start = cursor.position
      cursor.advance()
      let elements = try parseList(until: .rightBracket)
      return ExpressionSyntax(kind: .list(elements), range: cursor.range(from: start))
    case .punctuation, .endOfFile:
      throw cursor.unexpected("an expression")
    }
  }

  private mutating func literal(_ value: Attribute) -> ExpressionSyntax {
    ExpressionSyntax(kind: .literal(value), range: cursor.advance().range)
  }

  /// Expressions up to the closing bracket, which is consumed; the opening one was.
  mutating func parseList(until closing: Punctuation) throws(CompileError) -> [ExpressionSyntax] {
    openBrackets += 1
    defer { openBrackets -= 1 }
    var elements: [ExpressionSyntax] = []
    while !cursor.at(closing) {
      elements.append(try parseExpression())
      if cursor.accept(.comma) == nil { break }
    }
    guard cursor.accept(closing) != nil else { throw cursor.unexpected("',' or '\(closing.rawValue)'") }
    return elements
  }

  /// `name(arguments)`, or a bare name.
  mutating func parseCall() throws(CompileError) -> CallSyntax {
    let start = cursor.position
    let (word, range) = try cursor.expectIdentifier("an operator or block")
    var arguments: [ArgumentSyntax] = []
    if cursor.at(.leftParen), !cursor.peek().precededByNewline {
      cursor.advance()
      openBrackets += 1
      defer { openBrackets -= 1 }
      while !cursor.at(.rightParen) {
        arguments.append(try parseArgument())
        if cursor.accept(.comma) == nil { break }
      }
      guard cursor.accept(.rightParen) != nil else { throw cursor.unexpected("',' or ')'") }
    }
    return CallSyntax(
      name: NameSyntax(text: word, range: range), arguments: arguments, range: cursor.range(from: start))
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
    if cursor.at(.equal, ahead: 1) {
      cursor.advance()
      let sign = cursor.peek().range
      throw CompileError(
        "unexpected-token", "expected ':' after the name of an argument, found '='", at: sign,
        fixIts: [.init("write '\(word.clipped(to: 40)):'", replace: sign, with: ":")])
    }
    return ArgumentSyntax(name: nil, value: try parseExpression())
  }

  private mutating func parseStage() throws(CompileError) -> StageSyntax {
    let start = cursor.position
    try cursor.enter()
    defer { cursor.leave() }
    let label = try parseLabel()
    let body: StageSyntax.Body
    if cursor.accept(.leftBracket) != nil {
      openBrackets += 1
      defer { openBrackets -= 1 }
      var stages = [try parseStage()]
      while cursor.accept(.arrow) != nil { stages.append(try parseStage()) }
      guard cursor.accept(.rightBracket) != nil else { throw cursor.unexpected("'->' or ']'") }
      body = .group(stages)
    } else if case .identifier = cursor.peek().kind {
      body = .call(try parseCall())
    } else {
      throw cursor.unexpected("an operator, a block or '[' after '->'")
    }
    var factor: ExpressionSyntax?
    if lineGoesOn, cursor.accept(.star) != nil { factor = try parsePower() }
    return StageSyntax(label: label, body: body, factor: factor, range: cursor.range(from: start))
  }

  /// `name:` before a stage.
  private mutating func parseLabel() throws(CompileError) -> NameSyntax? {
    guard case .identifier = cursor.peek().kind else { return nil }
    let start = cursor.position
    let path = try parsePath("a label")
    if cursor.accept(.colon) != nil { return path }
    cursor.rewind(to: start)
    return nil
  }
}
