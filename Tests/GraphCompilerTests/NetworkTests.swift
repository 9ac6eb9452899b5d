import Foundation
import SourceText
import Testing

@testable import GraphCompiler

/// Every network of the folder `graphs` reads, and its written-out text reads back to the same graph.
@Suite struct NetworkTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("graphs").path

  static let paths: [String] = {
    let found = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return found.filter { $0.hasSuffix(".graph") }.sorted()
  }()

  @Test(arguments: paths) func roundTrip(path: String) throws {
    let contents = try #require(FileManager.default.contents(atPath: "\(Self.folder)/\(path)"))
    let file = SourceFile(path: path, contents: Array(contents))
    do throws(CompileError) {
      let parsed = try GraphParser.parse(file)
      let graph = parsed.graph
      let warnings = parsed.warnings.filter { $0.id != "dropped-pixels" }
      #expect(warnings == [], "\(DiagnosticRenderer().render(warnings))")
      #expect(GraphVerifier.violations(graph) == [])
      var options = GraphParser.Options()
      options.blobs = graph.blobs
      let again = try GraphParser.parse(SourceFile(path: "printed", text: graph.text), options: options)
      #expect(again.graph == graph)
      #expect(again.graph.text == graph.text)
    } catch {
      Issue.record("\(DiagnosticRenderer().render(error.diagnostics))")
    }
  }
}
