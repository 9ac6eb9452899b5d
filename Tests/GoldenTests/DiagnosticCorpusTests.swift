import Foundation
import SourceText
import Testing

@testable import GraphCompiler

/// What the golden files of the folder `diagnostics` cover together.
@Suite struct DiagnosticCorpusTests {
  static let names = GoldenTests.corpus.names.filter { $0.hasPrefix("diagnostics/") }

  static func diagnostics(_ file: GoldenFile, text: String) throws -> [Diagnostic] {
    var options = GraphParser.Options()
    options.folder = file.folder
    var words = GoldenArguments(Array(file.command.dropFirst()))
    options.settings = try words.settings()
    do throws(CompileError) {
      return try GraphParser.parse(SourceFile(path: file.name, text: text), options: options).warnings
    } catch {
      return error.diagnostics
    }
  }

  /// Reached only by texts that are too long for a file here.
  static let huge: Set<String> = ["file-too-large", "too-many-errors"]

  @Test func everyMistakeHasAGoldenFile() throws {
    var found = Self.huge
    for name in Self.names {
      let file = try GoldenTests.corpus.file(name)
      found.formUnion(try Self.diagnostics(file, text: file.input).map(\.id))
    }
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Sources")
    for folder in ["SourceText", "GraphCompiler/Frontend"] {
      let path = sources.appendingPathComponent(folder).path
      for source in try FileManager.default.contentsOfDirectory(atPath: path).sorted()
      where source.hasSuffix(".swift") {
        let text = try String(contentsOfFile: "\(path)/\(source)", encoding: .utf8)
        for match in text.matches(of: /"([a-z]+(?:-[a-z]+)+)"/) {
          #expect(found.contains(String(match.1)), "no golden file shows '\(match.1)' of \(source)")
        }
      }
    }
  }

  /// A fix-it removes the mistake that it was offered for.
  @Test func fixItsMend() throws {
    var count = 0
    for name in Self.names {
      let file = try GoldenTests.corpus.file(name)
      for mistake in try Self.diagnostics(file, text: file.input) {
        for fixIt in mistake.fixIts {
          count += 1
          var bytes = Array(file.input.utf8)
          bytes.replaceSubrange(fixIt.range.lower..<fixIt.range.upper, with: Array(fixIt.replacement.utf8))
          let after = try Self.diagnostics(file, text: String(decoding: bytes, as: UTF8.self))
          #expect(!after.contains { $0.id == mistake.id }, "\(name): '\(fixIt.message)' does not help")
        }
      }
    }
    #expect(count > 0)
  }
}
