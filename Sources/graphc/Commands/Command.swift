/// One command of the program: what it takes, and what it does.
protocol Command: SendableMetatype {
  static var spec: CommandSpec { get }

  /// Reads what the user asked for; throws where the options contradict each other.
  init(_ arguments: ParsedArguments) throws(UsageError)

  /// Does it. Results go to standard output, remarks to standard error.
  /// - Throws: `UsageError`, `CompileError`, `TensorFileError` or `CCompiler.Failure`.
  func run(_ console: Console) throws -> ExitCode
}

/// How the program ends; scripts rely on these numbers.
enum ExitCode: Int32, Sendable {
  case success = 0
  /// The network, a file or an input is wrong.
  case invalidInput = 1
  case wrongUsage = 2
  /// The input may be right, but this compiler cannot do it.
  case unsupported = 3
  /// The C compiler refused what was generated.
  case rejectedByCompiler = 4
  /// Ctrl-C, after what was done has been kept.
  case interrupted = 130
}
