import SourceText
import Testing

@Suite struct TokenCursorTests {
  static func cursor(_ text: String) -> TokenCursor { TokenCursor(SourceFile(path: "t", text: text)) }

  static func message(_ body: () throws(CompileError) -> Void) -> String {
    do throws(CompileError) { try body() } catch { return error.diagnostics[0].message }
    return ""
  }

  @Test func acceptAndExpect() throws {
    var cursor = Self.cursor("graph net(n = 3, \"s\")")
    #expect(cursor.accept(keyword: "block") == nil)
    try cursor.expect(keyword: "graph")
    #expect(try cursor.expectIdentifier().name == "net")
    try cursor.expect(.leftParen)
    #expect(cursor.at(.equal, ahead: 1))
    #expect(cursor.peek(99).kind == .endOfFile)
    cursor.advance()
    cursor.advance()
    #expect(try cursor.expectInteger().value == 3)
    try cursor.expect(.comma)
    #expect(try cursor.expectString().value == "s")
    try cursor.expect(.rightParen)
    try cursor.expectEnd()
    #expect(cursor.range(from: 1).text == "net(n = 3, \"s\")")
    cursor.advance()
    #expect(cursor.atEnd)
  }

  @Test func messages() {
    #expect(
      Self.message { () throws(CompileError) in
        var cursor = Self.cursor("3.5")
        try cursor.expect(.rightParen, "after the arguments")
      } == "expected ')' after the arguments, found number '3.5'")
    #expect(
      Self.message { () throws(CompileError) in
        var cursor = Self.cursor("")
        _ = try cursor.expectIdentifier("a graph name")
      } == "expected a graph name, found end of file")
    #expect(
      Self.message { () throws(CompileError) in try Self.cursor("x").expectEnd() }
        == "expected end of file, found 'x'")
  }

  @Test(arguments: [
    ("a.b.c = 1", "a.b.c"), ("layer1.2.weight", "layer1.2.weight"), ("a .b", "a"), ("a. b", "a"),
    ("a.*", "a"),
    ("l.1.2.w", "l.1.2.w"),
  ])
  func paths(text: String, path: String) throws {
    var cursor = Self.cursor(text)
    let found = try cursor.expectPath()
    #expect(found.path == path)
    #expect(found.range.text == path)
  }

  /// The parser of the tests: statements are `name = name ( name, name )`.
  static func statements(_ text: String) -> (good: [String], errors: Int) {
    var cursor = cursor(text)
    var good: [String] = []
    while !cursor.atEnd {
      let start = cursor.position
      do throws(CompileError) {
        let name = try cursor.expectIdentifier().name
        try cursor.expect(.equal)
        _ = try cursor.expectIdentifier()
        try cursor.expect(.leftParen)
        repeat { _ = try cursor.expectIdentifier() } while cursor.accept(.comma) != nil
        try cursor.expect(.rightParen)
        good.append(name)
      } catch {
        cursor.report(error)
        cursor.recover(from: start)
        if cursor.at(.rightBrace) { cursor.advance() }
      }
    }
    return (good, cursor.diagnostics.count)
  }

  @Test(arguments: [
    ("a = f(x)\nb = f(y)", ["a", "b"], 0),
    ("a = 3\nb = f(y)", ["b"], 1),
    ("a = \nb = f(y)", ["b"], 1),
    ("a = f(x, 3,\n  y)\nb = f(y)", ["b"], 1),
    ("a = f(x\nb = f(y)\nc = f(z)", ["b", "c"], 1),
    ("a = 3\n -> relu\nb = f(y)", ["b"], 1),
    ("a = 1 }\nb = f(y)", ["b"], 1),
    (") ) )\nb = f(y)", ["b"], 1),
    ("train { a = 1\n b }\nc = f(z)", ["c"], 1),
  ])
  func recovery(text: String, good: [String], errors: Int) {
    let result = Self.statements(text)
    #expect(result.good == good)
    #expect(result.errors == errors)
  }

  @Test func nestingIsLimited() throws {
    var cursor = Self.cursor("x")
    for _ in 0..<TokenCursor.depthLimit { try cursor.enter() }
    #expect(throws: CompileError.self) { try cursor.enter() }
    cursor.leave()
    try cursor.enter()
  }

  @Test func lexicalMistakesAreCollected() throws {
    let cursor = Self.cursor("a $")
    #expect(cursor.diagnostics.map(\.id) == ["invalid-character"])
    #expect(throws: CompileError.self) { try cursor.throwIfErrors() }
    try Self.cursor("a").throwIfErrors()
  }
}
