/// One behavior of the compiler as text: a command, what goes in, and what must come out, byte for byte.
///
///     // graphc opt --pass eliminate-dead-nodes
///     graph net { … }
///     // ==>
///     graph net { … }
package struct GoldenFile: Sendable, Hashable {
  package static let separator = "// ==>\n"
  private static let commandStart = "// graphc "

  /// Path inside the corpus, with `/`; names the file in reports.
  package var name: String
  /// The folder that it lies in, with a `/` at the end; nil for a text without a place.
  package var folder: String?
  /// The words after `graphc` in the first line.
  package var command: [String]
  /// Everything above the separator, the command included, so that lines count as in the file.
  package var input: String
  package var expected: String

  /// A file without a command line or separator is refused with a sentence.
  package init(name: String, text: String) throws(GoldenError) {
    guard text.hasPrefix(Self.commandStart) else {
      throw GoldenError("\(name): expected the first line to be '\(Self.commandStart)…'")
    }
    self.name = name
    let firstLine = text.prefix { $0 != "\n" }
    command = firstLine.dropFirst(Self.commandStart.count).split(separator: " ").map(String.init)
    guard let cut = text.range(of: "\n" + Self.separator) else {
      input = text.hasSuffix("\n") ? text : text + "\n"
      expected = ""
      return
    }
    input = text[..<cut.lowerBound] + "\n"
    expected = String(text[cut.upperBound...])
  }

  /// The file with another lower half.
  package func text(expecting output: String) -> String { input + Self.separator + output }

  /// A bug that is known: the file fails until it is mended, then it must be renamed.
  package var isKnownBug: Bool {
    (name.split(separator: "/").last ?? "").hasPrefix("known-bug-")
  }
}

/// Why a golden file cannot be run.
package struct GoldenError: Error, CustomStringConvertible {
  package var description: String

  package init(_ description: String) { self.description = description }
}
