import SourceText
import Testing

@testable import GraphCompiler

/// Parses a text whose mistakes fail the test with what the user would read.
func parse(_ text: String, _ settings: [String: Int] = [:]) throws -> ParsedGraph {
  var options = GraphParser.Options()
  options.settings = settings
  do throws(CompileError) {
    return try GraphParser.parse(SourceFile(path: "test.graph", text: text), options: options)
  } catch {
    Issue.record("\(DiagnosticRenderer().render(error.diagnostics))")
    throw error
  }
}

@Suite struct ParserTests {
  @Test func chain() throws {
    let graph = try parse(
      """
      graph net(N = 1) {
        input image: f32[N, 1, 8, 8]
        image -> conv(6, kernel: 5, pad: 2) -> relu
              -> [conv(4, kernel: 3) -> relu] * 2
              -> last: conv(2, kernel: 1)
        output scores = softmax(last)
      }
      """, ["N": 3]).graph
    let again = try parse(graph.text).graph
    #expect(again == graph)
  }
}
