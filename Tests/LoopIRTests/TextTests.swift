import SourceText
import Testing

@testable import LoopIR

/// What is printed reads back to the same value, and looks as in the literature.
@Suite struct TextTests {
  static func parser(_ text: String) -> LoopParser {
    var parser = LoopParser(TokenCursor(SourceFile(path: "text", text: text)))
    for axis in RandomTrees.axes + Self.axes { parser.axes[axis.name] = axis }
    for tensor in RandomTrees.tensors { parser.tensors[tensor.name] = tensor }
    parser.locals = ["sum": .f32, "t": .i32]
    return parser
  }

  static let axes = [Axis("c", 2), Axis("p", 3), Axis("q", 3)]

  @Test(arguments: 0..<200) func indicesReadBack(_ seed: Int) throws {
    var trees = RandomTrees(UInt64(seed))
    let index = trees.index(4, withData: true)
    var parser = Self.parser(index.description)
    let found = try parser.index()
    #expect(found == index, "\(index) read as \(found)")
    #expect(parser.cursor.atEnd)
  }

  @Test(arguments: 0..<300) func scalarsReadBack(_ seed: Int) throws {
    var trees = RandomTrees(UInt64(seed) + 1000)
    let scalar = trees.scalar(5)
    var parser = Self.parser(scalar.description)
    let found = try parser.scalar()
    #expect(found == scalar, "\(scalar) read as \(found)")
    #expect(parser.cursor.atEnd)
  }

  static let (i, j) = (RandomTrees.axes[0], RandomTrees.axes[1])
  static let x = RandomTrees.tensors[0]
  static let element = x[[i]]

  static let scalars: [(Scalar, String)] = [
    ((element + 1) * element - element / 2, "(x[i] + 1) * x[i] - x[i] / 2"),
    (element - (element - 1), "x[i] - (x[i] - 1)"),
    (element + -2, "x[i] + -2"),
    (-element * 3, "-x[i] * 3"),
    (-(2 as Scalar), "-(2)"),
    (reduce(.sum, [i, j], element * 2) + 1, "sum(i,j) x[i] * 2 + 1"),
    (reduce(.sum, [i], element) * 2, "(sum(i) x[i]) * 2"),
    (reduce(.maximum, [i], element + 1), "maximum(i) (x[i] + 1)"),
    (.binary(.maximum, element, 0), "max(x[i], 0)"),
    (.select(.binary(.less, element, 0), 0.5, .index(i.index)), "select(x[i] < 0, 0.5, i)"),
    (.binary(.or, .binary(.and, element, 1), element), "x[i] and 1 or x[i]"),
    (.binary(.equal, .binary(.equal, element, 1), 2), "(x[i] == 1) == 2"),
    (.cast(.i32, .unary(.isNaN, element)), "i32(isnan(x[i]))"),
    (.read(Access(x, [i * 2 + j - 1], outside: -.infinity)), "x[i*2+j-1 | -inf]"),
    (.index(i + 1), "index(i+1)"),
  ]

  @Test(arguments: scalars) func notation(_ scalar: Scalar, _ text: String) throws {
    #expect(scalar.description == text)
    var parser = Self.parser(text)
    #expect(try parser.scalar() == scalar)
  }

  @Test(arguments: [
    ("i 3", "unexpected-token", "expected end of file, found number '3'"),
    ("i/0", "index-divisor", "expected a divisor of at least 1, found 0"),
    ("m", "unknown-axis", "no axis is called 'm' here"),
    ("mix(i, j)", "unknown-function", "no function is called 'mix' here"),
    ("i*", "unexpected-token", "expected an axis, found end of file"),
  ])
  func indexMistakes(_ text: String, _ id: String, _ message: String) {
    expectMistake(text, id, message) { parser throws(CompileError) in
      _ = try parser.index()
      try parser.cursor.expectEnd()
    }
  }

  @Test(arguments: [
    ("x[i, j]", "index-count", "expected 1 indices for 'x: f32[5]', found 2"),
    ("z[i]", "unknown-tensor", "no tensor is called 'z' here"),
    ("abss(t)", "unknown-function", "no function is called 'abss' here"),
    ("t + ", "unexpected-token", "expected an expression, found end of file"),
    ("u", "unknown-name", "no name is called 'u' here"),
    ("x[i | w]", "unexpected-token", "expected a number, found 'w'"),
    (String(repeating: "(", count: 500), "nested-too-deeply", "nested deeper than 400 levels"),
    (
      "t" + String(repeating: "+t", count: 1001), "expression-too-long",
      "expression has more than 1000 operators"
    ),
    ("x[i*1000000000*1000000000]", "index-too-large", "position may lie beyond 1152921504606846976"),
  ])
  func scalarMistakes(_ text: String, _ id: String, _ message: String) {
    expectMistake(text, id, message) { parser throws(CompileError) in _ = try parser.scalar() }
  }

  private func expectMistake(
    _ text: String, _ id: String, _ message: String, _ parse: (inout LoopParser) throws(CompileError) -> Void
  ) {
    var parser = Self.parser(text)
    var found: [Diagnostic] = []
    do throws(CompileError) { try parse(&parser) } catch { found = error.diagnostics }
    #expect(found.map(\.id) == [id])
    #expect(found.map(\.message) == [message])
  }
}
