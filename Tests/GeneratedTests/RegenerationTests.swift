import Foundation
import GraphCompiler
import Testing

/// The folders of `generated/` are what the compiler emits today. With `UPDATE_GOLDEN=1` they are
/// rewritten; the run stays red, so that green never means "just recorded".
@Suite struct RegenerationTests {
  static let isUpdating = ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil

  @Test(arguments: GeneratedFolder.all)
  func theFolderHoldsWhatIsEmitted(_ folder: GeneratedFolder) throws {
    let files = try folder.files()
    let stored = try Self.contents(of: folder.url)
    if files.count == stored.count, files.allSatisfy({ stored[$0.path] == $0.contents }) { return }
    if Self.isUpdating {
      try Self.record(files, in: folder.url)
      Issue.record("generated/\(folder.name) is written anew")
      return
    }
    for path in stored.keys.sorted() where !files.contains(where: { $0.path == path }) {
      Issue.record("generated/\(folder.name)/\(path) is not emitted")
    }
    for file in files where stored[file.path] != file.contents {
      Issue.record(
        Self.difference(stored[file.path], file.contents, "generated/\(folder.name)/\(file.path)"))
    }
  }

  @Test(arguments: GeneratedFolder.all)
  func emittingTwiceGivesTheSameBytes(_ folder: GeneratedFolder) throws {
    let (first, second) = (try folder.files(), try folder.files())
    #expect(first.map(\.path) == second.map(\.path))
    #expect(first.map(\.contents) == second.map(\.contents))
  }

  @Test func everyFolderIsKnown() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: GeneratedNetwork.generated.path)
    #expect(
      folders.filter { !$0.hasPrefix(".") && $0 != "README.md" }.sorted()
        == GeneratedFolder.all.map(\.name).sorted())
  }

  /// All files of a folder, by path.
  private static func contents(of folder: URL) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for path in (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? [] {
      let url = folder.appendingPathComponent(path)
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), !isFolder.boolValue
      else { continue }
      files[path] = Array(try Data(contentsOf: url))
    }
    return files
  }

  private static func record(_ files: [GeneratedFile], in folder: URL) throws {
    try? FileManager.default.removeItem(at: folder)
    for file in files {
      let url = folder.appendingPathComponent(file.path)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file.contents).write(to: url)
    }
  }

  /// The first line where two versions of a file differ.
  private static func difference(_ stored: [UInt8]?, _ emitted: [UInt8], _ path: String) -> Comment {
    let cure = "if the change is meant, run: UPDATE_GOLDEN=1 swift test --filter GeneratedTests"
    guard let stored else { return "\(path) is missing; \(cure)" }
    if path.hasSuffix(".weights") {
      let place =
        zip(stored, emitted).enumerated().first { $1.0 != $1.1 }?.offset ?? min(stored.count, emitted.count)
      return "\(path) differs from what is emitted at byte \(place); \(cure)"
    }
    let (old, new) = (lines(stored), lines(emitted))
    let place = zip(old, new).enumerated().first { $1.0 != $1.1 }?.offset ?? min(old.count, new.count)
    let (was, now) = (place < old.count ? old[place] : "the end", place < new.count ? new[place] : "the end")
    return "\(path):\(place + 1) differs\n  stored:  \(was)\n  emitted: \(now)\n\(cure)"
  }

  private static func lines(_ bytes: [UInt8]) -> [String] {
    bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
  }
}
