import GraphCompiler
import KernelRunner
import SourceText

/// What `graphc compile` says when it is done.
struct CompileReport {
  let folder: String
  /// Whether the files are a Swift package.
  let isPackage: Bool
  let files: [(path: String, byteCount: Int)]
  let graph: Graph
  let program: Program
  /// Nil where nothing was measured.
  let tuning: TuningPart?

  struct TuningPart {
    /// Without its folder.
    let file: String
    /// Choices about kernels of the network.
    let choiceCount: Int
    /// Of a measurement that was made now.
    let outcome: Tuner.Outcome?
  }

  private var parameterCount: Int { graph.parameters.reduce(0) { $0 + graph.type(of: $1).count } }

  /// Working memory over the least that any plan needs.
  private var arenaRatio: Double {
    program.arenaLowerBound == 0 ? 1 : Double(program.arenaByteCount) / Double(program.arenaLowerBound)
  }

  var text: String {
    let inputs = graph.inputs.map { "\(graph[$0].name): \(graph[$0].type)" }.joined(separator: ", ")
    let outputs = graph.outputs.map { "\($0.name): \(graph.type(of: $0.value))" }.joined(separator: ", ")
    var rows = TextTable([.left, .left])
    let total = files.reduce(0) { $0 + $1.byteCount }
    rows.row("files", "\(Quantities.counted(files.count, "file")) in \(folder)/, \(Quantities.bytes(total))")
    rows.row("weights", weights)
    let bound =
      "lower bound \(Quantities.bytes(program.arenaLowerBound)), ratio \(Quantities.fixed(arenaRatio, 2))"
    rows.row("memory", "\(Quantities.bytes(program.arenaByteCount)) of working memory (\(bound))")
    let steps = Quantities.counted(program.steps.count, "step")
    rows.row("kernels", "\(Quantities.counted(program.kernels.count, "function")) for \(steps)")
    rows.row("work", "\(Quantities.operations(program.operationCount)) a run")
    if let tuning { rows.row("tuning", tuning.line) }
    rows.row("build", buildLine)
    let headline = "\(graph.name)(\(inputs)) -> \(outputs)"
    return ([headline.escapingControls] + rows.lines(indent: "  ")).map { $0 + "\n" }.joined()
  }

  private var weights: String {
    if graph.parameters.isEmpty { return "none" }
    let size = Quantities.bytes(graph.parameters.reduce(0) { $0 + graph.type(of: $1).byteCount })
    let origin = graph.hasSampledParameters ? ", random: no weights file was given" : ""
    let stored =
      program.weightElement == .f32
      ? "" : ", as \(program.weightElement.rawValue) in \(Quantities.bytes(program.parameterByteCount))"
    return "\(Quantities.counted(parameterCount, "parameter")), \(size)\(stored)\(origin)"
  }

  /// Copied from the terminal, it compiles the sources.
  private var buildLine: String {
    let folder =
      self.folder.contains { !$0.isLetter && !$0.isNumber && !"/._-".contains($0) }
      ? shellQuoted(self.folder) : self.folder
    return isPackage ? "swift build --package-path \(folder)" : "cc -O2 -c -I \(folder)/include \(folder)/*.c"
  }

  func json(_ dumps: [Compilation.Dump]) -> JSON {
    var members: [(String, JSON)] = [
      ("graph", .string(graph.name)), ("folder", .string(folder)),
      ("files", .array(files.map { .object([("path", .string($0.path)), ("bytes", .int($0.byteCount))]) })),
      ("parameters", .int(parameterCount)), ("arenaBytes", .int(program.arenaByteCount)),
      ("arenaLowerBound", .int(program.arenaLowerBound)), ("kernels", .int(program.kernels.count)),
      ("steps", .int(program.steps.count)), ("operations", .int(program.operationCount)),
    ]
    if let tuning { members.append(("tuning", .object(tuning.members))) }
    if !dumps.isEmpty {
      let texts = dumps.map { JSON.object([("pass", .string($0.pass)), ("text", .string($0.text))]) }
      members.append(("dumps", .array(texts)))
    }
    return .object(members)
  }
}

extension CompileReport.TuningPart {
  fileprivate var line: String {
    let choices = "\(Quantities.counted(choiceCount, "choice")) of \(file)".escapingControls
    guard let outcome else { return choices }
    let before = "\(Quantities.fixed(outcome.before, 1)) us"
    if !outcome.isFaster { return "nothing is faster than \(before) a run, \(file.escapingControls) says so" }
    return "\(choices): \(Quantities.fixed(outcome.now, 1)) us a run instead of \(before)"
  }

  fileprivate var members: [(String, JSON)] {
    var members: [(String, JSON)] = [("file", .string(file)), ("choices", .int(choiceCount))]
    if let outcome {
      members += [
        ("microseconds", .double(outcome.now)), ("microsecondsBefore", .double(outcome.before)),
      ]
    }
    return members
  }
}

extension Graph {
  /// Whether some parameter has random numbers because no file gives it others.
  var hasSampledParameters: Bool {
    parameters.contains { value in
      guard case .parameter(.initializer(let initializer)) = self[value].source else { return false }
      switch initializer {
      case .zeros, .ones, .constant: return false
      case .uniform, .normal, .xavierUniform, .xavierNormal, .heUniform, .heNormal, .orthogonal: return true
      }
    }
  }
}
