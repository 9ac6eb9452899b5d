/// Shells that can complete the command line.
enum Shell: String, Sendable, CaseIterable {
  case bash, zsh, fish
}

extension CommandSpec {
  /// A script that teaches the shell this tree of commands. The same tree always gives the same text.
  func completionScript(for shell: Shell) -> String {
    let root = CommandPath(root: self)
    switch shell {
    case .bash: return bashCompletion(root)
    case .zsh: return zshCompletion(root)
    case .fish: return fishCompletion(root)
    }
  }
}

extension CommandPath {
  /// `_graphc_compile`, the name of a shell function.
  var functionName: String {
    "_" + commands.map { $0.name.replacing("-", with: "_") }.joined(separator: "_")
  }

  /// The kind of the positional arguments for shells, which do not count them: the last one's.
  var positionalKind: ValueKind? { command.positionals.last?.kind }
}

extension OptionSpec {
  /// `-o` and `--output`.
  var spellings: [String] { (short.map { ["-\($0)"] } ?? []) + ["--" + name] }
}

/// The text as one word of any of the shells.
func shellQuoted(_ text: String) -> String {
  "'" + text.replacing("'", with: #"'\''"#) + "'"
}
