import KernelRunner
import SourceText
import TensorFiles

/// The command line as a whole: finds the command, runs it, and renders what went wrong.
struct Tool {
  static let version = "0.1.0"

  /// In the order of the help.
  static let allCommands: [any Command.Type] = [
    CompileCommand.self,
    ImportCommand.self,
    RunCommand.self,
    TrainCommand.self,
    CheckCommand.self,
    VerifyCommand.self,
    BenchCommand.self,
    ExplainCommand.self,
    ShowCommand.self,
    OptCommand.self,
    OpsCommand.self,
    GoldenFilesCommand.self,
    CompletionCommand.self,
  ]

  let commands: [any Command.Type]
  let console: Console

  /// The declaration that parser, help and completion read.
  static func spec(_ commands: [any Command.Type]) -> CommandSpec {
    CommandSpec(
      "graphc", "compiles convolutional networks, ahead of time, into plain C",
      discussion: [
        "A network is a .graph file. Exit codes: 0 success, 1 invalid input, 2 wrong usage, 3 not supported, 4 the "
          + "C compiler refused the generated code."
      ],
      examples: [
        "graphc check graphs/lenet5.graph",
        "graphc compile graphs/lenet5.graph -o generated/lenet5",
        "graphc run graphs/cos_sin_x2.graph --input x=x.npy --output-dir out",
        "graphc help compile",
      ],
      options: [.flag("version", "print the version")],
      subcommands: commands.map { $0.spec })
  }

  func run(_ arguments: [String]) -> ExitCode {
    do {
      return try runThrowing(arguments)
    } catch {
      reportForMachines(error, arguments)
      return console.report(error)
    }
  }

  /// With `--json`, what is not supported goes to standard output as well, as `check --json` has it.
  private func reportForMachines(_ error: any Error, _ arguments: [String]) {
    guard arguments.prefix(while: { $0 != "--" }).contains("--json"), let error = error as? CompileError,
      error.kind == .unsupported
    else { return }
    let report = JSON.object([
      ("ok", .bool(false)), ("diagnostics", DiagnosticRenderer.json(error.diagnostics)),
    ])
    // Standard error has the same in words: nothing is lost where this fails.
    try? console.print(report.text(pretty: true) + "\n")
  }

  private func runThrowing(_ arguments: [String]) throws -> ExitCode {
    if arguments.prefix(while: { $0 != "--" }).contains("--version") {
      try console.print("graphc \(Self.version)\n")
      return .success
    }
    switch try Self.spec(commands).parse(arguments) {
    case .help(let text):
      try console.print(text)
      return .success
    case .run(let arguments):
      guard let command = commands.first(where: { $0.spec.name == arguments.command.first }) else {
        preconditionFailure("the parser only gives declared commands")
      }
      return try command.init(arguments).run(console)
    }
  }
}

extension Console {
  /// Tells the user why the program ends.
  func report(_ error: any Error) -> ExitCode {
    switch error {
    case let error as UsageError:
      note(error.text)
      return .wrongUsage
    case let error as CompileError:
      note(diagnosticRenderer.render(error.diagnostics))
      return error.kind == .unsupported ? .unsupported : .invalidInput
    case let error as TensorFileError:
      note(diagnosticRenderer.render(error.diagnostic))
      return .invalidInput
    case let error as CCompiler.Failure:
      return report(error)
    default:
      preconditionFailure("commands throw no \(type(of: error)): \(error)")
    }
  }

  private func report(_ failure: CCompiler.Failure) -> ExitCode {
    switch failure.kind {
    case .missing:
      note(diagnosticRenderer.render(Diagnostic(.error, "no-compiler", failure.description, at: .unknown)))
      return .invalidInput
    case .misbehaved:
      let message = "the generated code misbehaves, which is a bug of graphc; the sanitizer says:"
      note(diagnosticRenderer.render(Diagnostic(.error, "misbehaved", message, at: .unknown)))
      note(failure.firstLines)
      return .invalidInput
    case .rejected:
      let message = "the C compiler refused the generated code, which is a bug of graphc; it says:"
      note(diagnosticRenderer.render(Diagnostic(.error, "rejected", message, at: .unknown)))
      note(failure.firstLines)
      return .rejectedByCompiler
    }
  }
}

extension CCompiler.Failure {
  fileprivate var firstLines: String {
    description.split(separator: "\n").prefix(40).map { "  \($0)\n" }.joined()
  }
}

extension TensorFileError {
  /// `file.npy: the file is cut short: …`, with the cure below.
  var diagnostic: Diagnostic {
    let place = path.isEmpty ? "" : "\(path.clipped(to: 200)): "
    return Diagnostic(.error, "file", place + headline, at: .unknown, help: cure)
  }
}
