import SourceText
import Testing

@Suite struct TextWriterTests {
  @Test func indentsAndKeepsEmptyLinesEmpty() {
    var writer = TextWriter()
    writer.blank()
    writer.block("graph g {") { writer in
      writer.line("a\n\nb")
      writer.blank()
      writer.blank()
      writer.indented { $0.lines(["c", ""]) }
      writer.blank()
    }
    #expect(writer.text == "graph g {\n  a\n\n  b\n\n    c\n\n}\n")
  }

  @Test func anErrorRestoresTheLevel() {
    struct Stop: Error {}
    var writer = TextWriter(indentWidth: 4)
    #expect(throws: Stop.self) {
      try writer.indented { writer throws(Stop) in
        writer.line("in")
        throw Stop()
      }
    }
    writer.line("out")
    #expect(writer.text == "    in\nout\n")
  }
}
