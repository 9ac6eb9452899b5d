import SourceText
import Testing

@Suite struct LexerTests {
  typealias Kind = Token.Kind

  static func lex(_ text: String) -> (kinds: [Kind], ids: [String]) {
    let (tokens, diagnostics) = Lexer.tokens(of: SourceFile(path: "t", text: text))
    #expect(tokens.last?.kind == .endOfFile)
    return (tokens.dropLast().map(\.kind), diagnostics.map(\.id))
  }

  static let texts: [(String, [Kind])] = [
    ("", []),
    ("// only this", []),
    ("conv_2d1 _x X", [.identifier("conv_2d1"), .identifier("_x"), .identifier("X")]),
    ("0 42 007", [.integer(0), .integer(42), .integer(7)]),
    ("9223372036854775807", [.integer(.max)]),
    ("1e-4 2.5 1E3 3.25e+1", [.float(1e-4), .float(2.5), .float(1000), .float(32.5)]),
    ("inf nan", [.identifier("inf"), .identifier("nan")]),
    ("0..10", [.integer(0), .punctuation(.dotDot), .integer(10)]),
    ("a/b//c\nd", [.identifier("a"), .punctuation(.slash), .identifier("b"), .identifier("d")]),
    ("a.1.2e", [.identifier("a"), .punctuation(.dot), .integer(1), .punctuation(.dot), .integer(2)]),
    ("-1", [.punctuation(.minus), .integer(1)]),
    (#""a\n\"\\\u{e9}é""#, [.string("a\n\"\\éé")]),
    ("\u{FEFF}x", [.identifier("x")]),
  ]

  @Test(arguments: texts)
  func tokens(text: String, kinds: [Kind]) {
    let result = Self.lex(text)
    #expect(result.kinds == kinds)
    #expect(result.ids == (text == "a.1.2e" ? ["malformed-number"] : []))
  }

  @Test func longestPunctuationWins() {
    let all = Punctuation.allCases
    let text = all.map(\.rawValue).joined(separator: " ")
    #expect(Self.lex(text).kinds == all.map { .punctuation($0) })
    #expect(Self.lex("<==->=").kinds == [.lessEqual, .equal, .arrow, .equal].map { .punctuation($0) })
  }

  static let mistakes: [(String, String, [Kind])] = [
    ("9223372036854775808 x", "number-out-of-range", [.integer(1), .identifier("x")]),
    ("1e999 x", "number-out-of-range", [.float(1), .identifier("x")]),
    ("1e x", "malformed-number", [.integer(1), .identifier("x")]),
    ("2.5px x", "malformed-number", [.float(2.5), .identifier("x")]),
    ("\"abc\nx", "unterminated-string", [.string("abc"), .identifier("x")]),
    ("\"abc\\", "unterminated-string", [.string("abc")]),
    (#""a\qb" x"#, "invalid-escape", [.string("ab"), .identifier("x")]),
    (#""\u{110000}" x"#, "invalid-escape", [.string(""), .identifier("x")]),
    (#""\u{41" x"#, "invalid-escape", [.string(""), .identifier("x")]),
    ("a \0\0 x", "invalid-character", [.identifier("a"), .identifier("x")]),
    ("a é→ x", "invalid-character", [.identifier("a"), .identifier("x")]),
    ("a $ x", "invalid-character", [.identifier("a"), .identifier("x")]),
    ("a ' x", "invalid-character", [.identifier("a"), .identifier("x")]),
  ]

  @Test(arguments: mistakes)
  func mistakesAreReportedOnceAndLexingGoesOn(text: String, id: String, kinds: [Kind]) {
    let result = Self.lex(text)
    #expect(result.ids == [id])
    #expect(result.kinds == kinds)
  }

  @Test(arguments: [[0xFF, 0xFE], [0x22, 0xC3, 0x22], [0xE2, 0x82]] as [[UInt8]])
  func brokenUTF8(bytes: [UInt8]) {
    let file = SourceFile(path: "t", contents: bytes + Array("\nx".utf8))
    let (tokens, diagnostics) = Lexer.tokens(of: file)
    #expect(diagnostics.map(\.message).allSatisfy { $0.hasSuffix("not valid UTF-8") })
    #expect(diagnostics.count == 1)
    #expect(tokens.dropLast().last?.kind == .identifier("x"))
  }

  @Test func noiseIsCutShort() {
    let ids = Self.lex(String(repeating: "$ x ", count: 1000)).ids
    #expect(ids.count == Lexer.mistakeLimit + 1)
    #expect(ids.last == "too-many-errors")
  }

  @Test func spacesAndLines() {
    let file = SourceFile(path: "t", text: "a.b c // d\n  e(\n")
    let tokens = Lexer.tokens(of: file).tokens
    #expect(tokens.map(\.precededByNewline) == [true, false, false, false, true, false, true])
    #expect(tokens.map(\.precededBySpace) == [true, false, false, true, true, false, true])
    #expect(tokens.map(\.range.text) == ["a", ".", "b", "c", "e", "(", ""])
  }
}
