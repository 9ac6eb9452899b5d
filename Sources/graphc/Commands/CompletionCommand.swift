import SourceText

/// `graphc completion`: a script that teaches a shell this command line.
struct CompletionCommand: Command {
  static let spec = CommandSpec(
    "completion", "print a completion script for a shell",
    discussion: [
      "bash: source <(graphc completion bash). zsh: write it to a file _graphc in a folder of fpath. fish: "
        + "write it to ~/.config/fish/completions/graphc.fish."
    ],
    examples: ["source <(graphc completion bash)"],
    positionals: [PositionalSpec("SHELL", "which shell", kind: .choice(Shell.allCases.map(\.rawValue)))])

  let shell: Shell

  init(_ arguments: ParsedArguments) throws(UsageError) {
    guard let shell = arguments.positional("SHELL").flatMap(Shell.init) else {
      throw UsageError("expected SHELL: which shell", at: arguments.path)
    }
    self.shell = shell
  }

  func run(_ console: Console) throws -> ExitCode {
    try console.print(Tool.spec(Tool.allCommands).completionScript(for: shell))
    return .success
  }
}
