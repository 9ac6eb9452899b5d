import Foundation

/// The golden files below a folder.
package struct GoldenCorpus: Sendable {
  package let folder: String

  package init(folder: String) { self.folder = folder }

  /// Paths inside the folder, sorted.
  package var names: [String] {
    let found = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    let suffixes = [".graph", ".program", ".kernel"]
    return found.filter { name in suffixes.contains { name.hasSuffix($0) } }.sorted()
  }

  package func file(_ name: String) throws -> GoldenFile {
    let path = "\(folder)/\(name)"
    var file = try GoldenFile(name: name, text: String(contentsOfFile: path, encoding: .utf8))
    file.folder = String(path.dropLast(name.split(separator: "/").last?.count ?? 0))
    return file
  }

  /// Replaces the lower half of a file.
  package func record(_ output: String, in file: GoldenFile) throws {
    let text = file.text(expecting: output)
    try text.write(toFile: "\(folder)/\(file.name)", atomically: true, encoding: .utf8)
  }
}
