import Foundation
import Testing

@testable import GraphCompiler

@Suite struct OpTableTests {
  @Test func isAlphabeticalWithoutRepetition() {
    let types = OpTable.all.map { "\($0)" }
    #expect(types == types.sorted { $0.lowercased() < $1.lowercased() })
    #expect(Set(OpTable.all.map { $0.name }).count == OpTable.all.count)
  }

  /// Every file that declares an operator has its line in the table.
  @Test func listsEveryFile() throws {
    let tests = URL(filePath: #filePath).deletingLastPathComponent()
    let folder = tests.appending(path: "../../Sources/GraphCompiler/Ops").standardized
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    let listed = Set(OpTable.all.map { "\($0)" })
    var declared = 0
    for file in files where try String(contentsOf: file, encoding: .utf8).contains("static let name = ") {
      declared += 1
      #expect(listed.contains(file.deletingPathExtension().lastPathComponent))
    }
    #expect(declared == OpTable.all.count)
  }

  @Test func everyOperatorHasExamplesAndASummary() {
    for type in OpTable.all {
      #expect(!type.examples.isEmpty && !type.summary.isEmpty, "\(type.name)")
      #expect(type.examples.allSatisfy { $0.hasPrefix("\(type.name)(") }, "\(type.name)")
    }
  }
}
