import Foundation
import GraphCompiler
import SourceText
import TensorFiles

/// `graphc golden`: the corpus of texts in and texts out, as the tests run it.
struct GoldenFilesCommand: Command {
  static let spec = CommandSpec(
    "golden", "run golden files",
    discussion: [
      "The first line of a golden file is a command, '// graphc opt --pass NAME'; then come its input, the "
        + "line '// ==>' and the output that is expected, byte for byte. Exit code 1 if one differs, also "
        + "after --update-golden has written it anew. A file whose name begins with known-bug- must fail."
    ],
    examples: ["graphc golden", "graphc golden Tests/Golden/fold-constants --update-golden"],
    positionals: [
      PositionalSpec("PATH", "a file or a folder; Tests/Golden if absent", arity: .optional, kind: .file)
    ],
    options: [.flag("update-golden", "write what comes out as what is expected")])

  let path: String
  let updates: Bool

  init(_ arguments: ParsedArguments) throws(UsageError) {
    path = arguments.positional("PATH") ?? "Tests/Golden"
    updates = arguments.flag("update-golden")
  }

  func run(_ console: Console) throws -> ExitCode {
    let (corpus, names) = try files()
    var failures = 0
    for name in names {
      guard let failure = failure(of: name, in: corpus) else { continue }
      failures += 1
      try console.print("\(name.escapingControls): \(failure)\n")
    }
    try console.print("\(names.count - failures) passed, \(failures) failed\n")
    return failures == 0 ? .success : .invalidInput
  }

  private func files() throws(TensorFileError) -> (GoldenCorpus, [String]) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw TensorFileError(path, "cannot read the golden files", cause: "no such file or folder")
    }
    let url = URL(fileURLWithPath: path)
    if !isFolder.boolValue {
      return (GoldenCorpus(folder: url.deletingLastPathComponent().path), [url.lastPathComponent])
    }
    let corpus = GoldenCorpus(folder: path)
    if corpus.names.isEmpty { throw TensorFileError(path, "there are no golden files in the folder") }
    return (corpus, corpus.names)
  }

  /// What is wrong with a file, nil where nothing is.
  private func failure(of name: String, in corpus: GoldenCorpus) -> String? {
    do {
      let file = try corpus.file(name)
      let output = try GoldenCommand.output(of: file)
      if file.isKnownBug { return output == file.expected ? "the bug is gone: rename the file" : nil }
      if output == file.expected { return nil }
      if updates {
        try corpus.record(output, in: file)
        return "recorded anew"
      }
      return Self.difference(output, file.expected, from: file.input.count { $0 == "\n" } + 2)
    } catch {
      return "\(error)".escapingControls.clipped(to: 400)
    }
  }

  /// The first line that differs.
  private static func difference(_ output: String, _ expected: String, from firstLine: Int) -> String {
    let found = output.split(separator: "\n", omittingEmptySubsequences: false)
    let wanted = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let place =
      zip(found, wanted).enumerated().first { $1.0 != $1.1 }?.offset ?? min(found.count, wanted.count)
    func line(_ lines: [Substring]) -> String { place < lines.count ? String(lines[place]) : "<end>" }
    return """
      line \(firstLine + place) differs
        expected  \(line(wanted))
        found     \(line(found))
      """
  }
}
