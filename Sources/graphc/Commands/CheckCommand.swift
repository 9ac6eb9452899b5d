import GraphCompiler
import SourceText
import TensorFiles

/// `graphc check`: diagnostics and nothing else.
struct CheckCommand: Command {
  static let spec = CommandSpec(
    "check", "report mistakes in networks",
    discussion: ["Reports every error and warning of every file; exit code 1 if there is an error."],
    examples: ["graphc check graphs/*.graph", "graphc check graphs/lenet5.graph --set N=0 --json"],
    positionals: [
      PositionalSpec(
        "NET", "networks: .graph or .onnx files", arity: .oneOrMore,
        kind: .file(extensions: ["graph", "onnx"]))
    ],
    options: [NetworkOptions.set, NetworkOptions.shape, .flag("json", "report for machines")])

  let paths: [String]
  let sizes: NetworkSizes
  let json: Bool

  init(_ arguments: ParsedArguments) throws(UsageError) {
    paths = arguments.positionals("NET")
    sizes = try NetworkSizes(arguments)
    json = arguments.flag("json")
  }

  func run(_ console: Console) throws -> ExitCode {
    var exit = ExitCode.success
    var reports: [JSON] = []
    for path in paths {
      let (diagnostics, code) = try diagnostics(path)
      if exit != .invalidInput, code != .success { exit = code }
      if json {
        let list = DiagnosticRenderer.json(diagnostics)
        reports.append(
          .object([("file", .string(path)), ("ok", .bool(code == .success)), ("diagnostics", list)]))
        continue
      }
      console.note(console.diagnosticRenderer.render(diagnostics))
      if code == .success { try console.print(summary(path, diagnostics.count)) }
    }
    if json { try console.print(JSON.array(reports).text(pretty: true) + "\n") }
    return exit
  }

  private func summary(_ path: String, _ warnings: Int) -> String {
    let remark = warnings == 0 ? "" : ", \(Quantities.counted(warnings, "warning"))"
    return "\(path.escapingControls): ok\(remark)\n"
  }

  private func diagnostics(_ path: String) throws -> ([Diagnostic], ExitCode) {
    do {
      return (try NetworkFile(path: path).parse(sizes).warnings, .success)
    } catch let error as CompileError {
      return (error.diagnostics, error.kind == .unsupported ? .unsupported : .invalidInput)
    } catch let error as TensorFileError {
      return ([error.diagnostic], .invalidInput)
    }
  }
}
