import Foundation
import SourceText
import Testing

@testable import GraphCompiler

/// Random numbers that are the same in every run (Knuth's MMIX).
struct Dice: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 33
  }
}

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
    let blocks = (1...12).map { "block b\($0)(x) { return x -> b\($0 - 1) -> b\($0 - 1) }" }.joined(
      separator: "\n")
    let text = net("y = b12(x)\noutput y", blocks: "block b0(x) { return x }\n" + blocks)
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

  /// Threads may have small stacks; the deepest texts that are read fit on half a megabyte.
  @Test(arguments: ["(", "[", "-", "relu(", "2^", "x -> [", "block"])
  func smallStacks(opening: String) throws {
    let depth = SyntaxParser.depthLimit - 1
    let closing = opening.contains("(") ? ")" : opening.contains("[") ? "]" : ""
    let inner = opening.hasSuffix("> [") ? "relu" : "x"
    var text = net(
      "y = " + Self.repeated(opening, depth) + inner + Self.repeated(closing, depth) + "\noutput x")
    if opening == "block" {
      let blocks = (1...depth).map { "block b\($0)(x) { y = x -> [b\($0 - 1)] * 1\nreturn y }" }
      text = net(
        "y = b\(depth)(x)\noutput y", blocks: "block b0(x) { return x }\n" + blocks.joined(separator: "\n"))
    }
    let input = text
    let thread = Thread { _ = Self.ids(input) }
    thread.stackSize = 1 << 19
    thread.start()
    while !thread.isFinished { Thread.sleep(forTimeInterval: 0.001) }
    #expect(!Self.ids(input).contains("unexpected-token"))
  }

  /// Networks with some of their words lost, doubled, swapped or replaced end in diagnostics or in a sound
  /// graph that reads back.
  @Test func mutatedNetworks() throws {
    var random = Dice(state: 7)
    let texts = try NetworkTests.paths.map { path in
      let contents = try #require(FileManager.default.contents(atPath: "\(NetworkTests.folder)/\(path)"))
      return String(decoding: contents, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
    }
    let numbers = [
      "0", "-1", "9223372036854775807", "1e308", "inf", "nan", "[]", "[0]", "true", "\"same\"", "x",
    ]
    for text in texts {
      var words = text
      for _ in 0..<3 {
        let (a, b) = (
          Int.random(in: 0..<words.count, using: &random), Int.random(in: 0..<words.count, using: &random)
        )
        switch Int.random(in: 0..<4, using: &random) {
        case 0: words.remove(at: a)
        case 1: words.insert(words[a], at: b)
        case 2: words.swapAt(a, b)
        default: words[a] = Substring(numbers[a % numbers.count])
        }
      }
      var options = GraphParser.Options()
      options.nodeLimit = 2000
      let file = SourceFile(path: "mutant.graph", text: words.joined(separator: " "))
      guard let graph = try? GraphParser.parse(file, options: options).graph else { continue }
      #expect(GraphVerifier.violations(graph) == [])
      #expect(try PrinterTests.roundTrip(graph) == graph)
    }
  }
}
