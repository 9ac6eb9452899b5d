import SourceText
import Testing

@Suite struct DiagnosticTests {
  static let file = SourceFile(
    path: "lenet.graph", text: "// LeNet\nc1 = conv2d(x, w1, strid: 2)\n\ty\u{1b} = é + z\n")

  static func range(_ lower: Int, _ upper: Int) -> SourceRange {
    SourceRange(file: file, lower: lower, upper: upper)
  }

  static func render(_ diagnostic: Diagnostic) -> String { DiagnosticRenderer().render(diagnostic) }

  @Test func pointsAtTheText() {
    let diagnostic = Diagnostic(
      .error, "unknown-attribute", "'conv2d' has no attribute 'strid'", at: Self.range(28, 33),
      notes: [.init("'x' is f32[1]", at: Self.range(21, 22)), .init("see graphc ops")],
      help: "did you mean 'stride'?")
    #expect(
      Self.render(diagnostic) == """
        lenet.graph:2:20: error: 'conv2d' has no attribute 'strid'
          2 | c1 = conv2d(x, w1, strid: 2)
            |                    ^~~~~ did you mean 'stride'?
        lenet.graph:2:13: note: 'x' is f32[1]
          2 | c1 = conv2d(x, w1, strid: 2)
            |             ^
        note: see graphc ops

        """)
  }

  @Test func fixItsHelp() {
    let fixIt = Diagnostic.FixIt("write 'stride'", replace: Self.range(28, 33), with: "stride")
    let text = Self.render(Diagnostic(.warning, "w", "m", at: Self.range(28, 29), fixIts: [fixIt]))
    #expect(text.hasPrefix("lenet.graph:2:20: warning: m\n"))
    #expect(text.hasSuffix("^ write 'stride'\n"))
  }

  @Test func tabsControlsAndWideLettersKeepTheCaretInPlace() {
    let text = Self.render(Diagnostic(.error, "e", "bad\u{1b}[31m name\n", at: Self.range(44, 50)))
    #expect(
      text == """
        lenet.graph:3:7: error: bad\\u{1b}[31m name\\n
          3 |   y? = é + z
            |        ^~~~~

        """)
  }

  @Test func emptyAndUnknownRanges() {
    #expect(Self.render(Diagnostic(.error, "e", "no 'graph'", at: .unknown)) == "error: no 'graph'\n")
    let end = Self.file.contents.count
    #expect(
      Self.render(Diagnostic(.error, "e", "m", at: Self.range(end, end))).hasSuffix("  4 | \n    | ^\n"))
    let many = Self.render(Diagnostic(.error, "e", "m", at: Self.range(0, end)))
    #expect(many.hasSuffix("  1 | // LeNet\n    | ^~~~~~~~\n"))
  }

  @Test(arguments: [0, 30, 150, 2500, 4990])
  func longLinesAreClippedAroundTheCaret(at offset: Int) throws {
    var text = Array(repeating: UInt8(ascii: "."), count: 5000)
    text[offset] = UInt8(ascii: "X")
    let file = SourceFile(path: "p", contents: text)
    let diagnostic = Diagnostic(
      .error, "e", "m", at: SourceRange(file: file, lower: offset, upper: offset + 1))
    let lines = Self.render(diagnostic).split(separator: "\n").map(Array.init)
    let caret = try #require(lines[2].firstIndex(of: "^"))
    #expect(lines[1][caret] == "X")
    #expect(lines[1].count <= 120)
  }

  @Test func headlinesAreShort() {
    let text = Self.render(
      Diagnostic(.error, "e", String(repeating: "n", count: 10_000), at: Self.range(0, 1)))
    let headline = text.prefix { $0 != "\n" }
    #expect(headline.count == DiagnosticRenderer.headlineLimit)
    #expect(headline.hasSuffix("n..."))
  }

  @Test func colorOnlyOnRequest() {
    let diagnostic = Diagnostic(.error, "e", "m", at: Self.range(0, 1))
    #expect(DiagnosticRenderer(color: true).render(diagnostic).contains("\u{1b}[1;31merror:\u{1b}[0m"))
    #expect(!Self.render(diagnostic).contains("\u{1b}"))
  }

  @Test func json() {
    let diagnostic = Diagnostic(
      .error, "e", "say \"x\"", at: Self.range(28, 33), kind: .unsupported, notes: [.init("n")], help: "h")
    #expect(
      DiagnosticRenderer.json([diagnostic]).text() == """
        [{"file":"lenet.graph","line":2,"column":20,"endLine":2,"endColumn":25,"severity":"error","id":"e",\
        "message":"say \\"x\\"","unsupported":true,"help":"h","notes":[{"message":"n"}]}]
        """)
  }

  @Test func kinds() throws {
    let unsupported = Diagnostic(.error, "u", "m", at: .unknown, kind: .unsupported)
    let invalid = Diagnostic(.error, "i", "m", at: .unknown)
    let warning = Diagnostic(.warning, "w", "m", at: .unknown)
    #expect(CompileError(unsupported).kind == .unsupported)
    #expect(try #require(CompileError([warning, unsupported])).kind == .unsupported)
    #expect(try #require(CompileError([unsupported, invalid])).kind == .invalidInput)
    #expect(CompileError([warning]) == nil)
  }
}
