import SourceText
import Testing

@testable import GraphCompiler

/// Texts made to break the parser end in diagnostics, quickly.
@Suite struct HostileTextTests {
  static func ids(_ text: String) -> [String] {
    var options = GraphParser.Options()
    options.nodeLimit = 1000
    return diagnostics(text, options).map(\.id)
  }

  static func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

  @Test(arguments: ["(", "[", "-", "f(", "x -> [", "2^", "-> [", "!"])
  func deepNesting(opening: String) {
    let text = net("y = " + Self.repeated(opening, 1000) + "x" + "\noutput x")
    #expect(Self.ids(text).count >= 1)
  }

  @Test func longExpressionsAreFine() throws {
    let sum = "y = x" + Self.repeated(" + x", 300)
    let chain = "z = x" + Self.repeated(" -> relu", 300)
    let numbers = "const c = [" + Self.repeated("1, ", 10_000) + "]"
    #expect(Self.ids(net("\(sum)\n\(chain)\n\(numbers)\noutput y\noutput z\noutput c")) == [])
  }

  @Test(arguments: [
    "y = x -> relu * 1001", "y = x -> [relu * 100] * 100", "y = x -> [[relu * 1000] * 1000] * 1000",
    "y = x -> relu * 9223372036854775807",
  ])
  func tooManyNodes(statement: String) {
    #expect(["graph-too-large", "invalid-repetition"].contains(Self.ids(net("\(statement)\noutput y"))[0]))
  }

  @Test func repetitionWithoutNodesEnds() {
    let text = net("y = x -> [[same * 1000] * 1000] * 1000\noutput y", blocks: "block same(x) { return x }")
    #expect(Self.ids(text) == ["graph-too-large"])
  }

  @Test func blocksThatDoubleEnd() {
    let blocks = (1...40).map { "block b\($0)(x) { return x -> b\($0 - 1) -> b\($0 - 1) }" }.joined(
      separator: "\n")
    let text = net("y = b40(x)\noutput y", blocks: "block b0(x) { return x }\n" + blocks)
    #expect(Self.ids(text).contains("graph-too-large"))
  }

  @Test func blocksNestedDeeplyEnd() {
    let blocks = (1...300).map { "block b\($0)(x) { return b\($0 - 1)(x) }" }.joined(separator: "\n")
    let text = net("y = b300(x)\noutput y", blocks: "block b0(x) { return x }\n" + blocks)
    #expect(Self.ids(text).contains("nested-too-deeply"))
  }

  @Test(arguments: [
    "9223372036854775807 + 1", "-9223372036854775807 - 2", "4611686018427387904 * 2", "10^19", "(-3)^99",
    "(-9223372036854775807 - 1) / -1", "-(-9223372036854775807 - 1)", "floor(1e300)", "1 / 0", "1.5 / 0",
    "abs(-9223372036854775807 - 1)", "99999999999999999999", "1e999", "sqrt(-1)", "min()", "inf - inf",
  ])
  func arithmetic(expression: String) {
    #expect(Self.ids(net("output x\nk = \(expression)")).count == 1)
  }

  @Test(arguments: ["4294967296, 4294967296", "9223372036854775807, 2", "-1", "1099511627776", "2.5", "1/0"])
  func extents(list: String) {
    #expect(Self.ids("graph net {\ninput x: f32[\(list)]\noutput x\n}").count == 1)
  }

  @Test(arguments: [
    "", "graph", "graph {", "graph net", "graph net {", "graph net }", "}", "{", "\u{0}", "graph net(",
    "block",
    "graph net { input", "graph net { input x", "graph net { input x: f32", "graph net { x -> }", "\u{FEFF}",
    "graph net { output x = }", "graph net { y = f(a: }", "graph net { weights }", "graph net { train { }",
    "// only",
  ])
  func fragments(text: String) {
    #expect(!Self.ids(text).isEmpty)
  }

  /// Every prefix of a text, and every text with one token missing, ends in diagnostics or a graph.
  @Test func damagedTexts() {
    let text = net(
      """
      y = x -> [a: conv(2, kernel: 1, bias: false) -> relu] * 2
      const c: f32[2] = [1, -2.5]
      p, q = split(x, parts: 2, axis: 1)
      output z = where(p > 0, q, c[0])
      train { minimize reduce_sum(y ^ 2, keep: false)
      with sgd(rate: 0.1)
      freeze a.* }
      """, blocks: "block residual(x, n = 1) { return x + n }")
    let bytes = Array(text.utf8)
    for length in 0..<bytes.count {
      _ = Self.ids(String(decoding: bytes[..<length], as: UTF8.self))
    }
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    for place in words.indices {
      var shorter = words
      shorter.remove(at: place)
      _ = Self.ids(shorter.joined(separator: " "))
    }
    #expect(!Self.ids(text).isEmpty)
  }
}
