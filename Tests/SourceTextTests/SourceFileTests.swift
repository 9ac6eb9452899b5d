import SourceText
import Testing

@Suite struct SourceFileTests {
  static let file = SourceFile(path: "a.graph", text: "ab\r\nsé→x\n\nend")

  @Test(arguments: [
    (0, 1, 1), (2, 1, 3), (4, 2, 1), (5, 2, 2), (7, 2, 3), (10, 2, 4), (12, 3, 1), (13, 4, 1),
  ])
  func placesOfBytes(offset: Int, line: Int, column: Int) {
    let location = Self.file.location(at: offset)
    #expect(location.line == line)
    #expect(location.column == column)
  }

  @Test func offsetsOutsideAreMovedInside() {
    #expect(Self.file.location(at: -5).offset == 0)
    #expect(Self.file.location(at: 99) == Self.file.location(at: Self.file.contents.count))
    #expect(SourceFile(path: "", text: "").location(at: 0).line == 1)
  }

  @Test func lineBoundsLeaveOutTheLineEnding() {
    #expect(Self.file.lineBounds(1) == 0..<2)
    #expect(Self.file.text(in: Self.file.lineBounds(2)) == "sé→x")
    #expect(Self.file.lineBounds(3).isEmpty)
    #expect(Self.file.text(in: Self.file.lineBounds(4)) == "end")
  }

  @Test func identityIsTheObject() {
    let twin = SourceFile(path: Self.file.path, contents: Self.file.contents)
    #expect(twin != Self.file)
    #expect(Set([twin, Self.file, twin]).count == 2)
  }

  @Test func unions() {
    let a = SourceRange(file: Self.file, lower: 4, upper: 5)
    let b = SourceRange(file: Self.file, lower: 0, upper: 2)
    #expect(a.union(b) == SourceRange(file: Self.file, lower: 0, upper: 5))
    #expect(a.union(.unknown) == a)
    #expect(SourceRange.unknown.union(a) == a)
    #expect(b.text == "ab")
    #expect("\(a)" == "a.graph:2:1")
    #expect("\(SourceRange.unknown)" == "<unknown>")
  }
}
