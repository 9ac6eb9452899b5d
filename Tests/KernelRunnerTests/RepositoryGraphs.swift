import Foundation
import GraphCompiler
import SourceText

/// The graphs that the repository ships.
enum RepositoryGraphs {
  /// The root of the repository.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Reads `graphs/PATH`; its weights file, where it names one, too.
  static func parse(_ path: String, _ settings: [String: Int] = [:]) throws -> Graph {
    let url = root.appendingPathComponent("graphs").appendingPathComponent(path)
    let file = SourceFile(path: url.path, contents: Array(try Data(contentsOf: url)))
    var options = GraphParser.Options()
    options.settings = settings
    return try GraphParser.parse(file, options: options).graph
  }
}
