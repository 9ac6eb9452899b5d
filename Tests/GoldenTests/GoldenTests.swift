import Foundation
import Testing

@testable import GraphCompiler

/// Runs every file of `Tests/Golden`. With `UPDATE_GOLDEN=1` the lower halves are rewritten; the run stays
/// red, so that green never means "just recorded".
@Suite struct GoldenTests {
  static let corpus = GoldenCorpus(
    folder: URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Golden").path)
  static let isUpdating = ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil

  @Test(arguments: corpus.names) func golden(_ name: String) throws {
    let file = try Self.corpus.file(name)
    let output = try GoldenCommand.output(of: file)
    if file.isKnownBug {
      #expect(output != file.expected, "the bug is gone: rename \(name)")
    } else if output != file.expected, Self.isUpdating {
      try Self.corpus.record(output, in: file)
      Issue.record("\(name) is recorded anew")
    } else {
      #expect(output == file.expected)
    }
  }

  @Test(arguments: PassTable.names) func everyPassHasGoldenFiles(_ pass: String) {
    let files = Self.corpus.names.filter { $0.hasPrefix("\(pass)/") }
    #expect(files.count >= 3)
  }

  @Test(arguments: [
    ("graph net {}\n", "a.graph: expected the first line to be '// graphc …'"),
    ("// graphc fly\n// ==>\n", "a.graph: there is no command 'fly'"),
    ("// graphc opt --pass fly\n// ==>\n", "there is no pass 'fly'"),
    ("// graphc opt fly\n// ==>\n", "nothing knows 'fly'"),
    ("// graphc check --set\n// ==>\n", "nothing knows '--set'"),
    ("// graphc check --set N\n// ==>\n", "expected '--set NAME=VALUE', found 'N'"),
    ("// graphc check --set N=x\n// ==>\n", "expected '--set NAME=INT', found 'x'"),
    ("// graphc run\n// ==>\n", "expected '--interpreter'"),
  ])
  func brokenFiles(_ text: String, _ message: String) {
    let error = #expect(throws: GoldenError.self) {
      try GoldenCommand.output(of: try GoldenFile(name: "a.graph", text: text))
    }
    #expect(error?.description == message)
  }

  @Test func textSurvivesRecording() throws {
    let file = try GoldenFile(name: "a.graph", text: "// graphc check\ngraph net {\n}\n// ==>\nold\n")
    #expect(file.command == ["check"])
    #expect(file.expected == "old\n")
    #expect(file.text(expecting: "new\n") == "// graphc check\ngraph net {\n}\n// ==>\nnew\n")
  }
}
