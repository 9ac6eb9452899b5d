import GraphCompiler
import SourceText

/// What `graphc compile --train` says when it is done.
struct TrainingReport {
  let folder: String
  let graph: Graph
  let compilation: TrainingCompilation
  let bundle: TrainingBundle

  private var trained: Int {
    compilation.plan.parameters.filter(\.isTrained).reduce(0) { $0 + $1.type.count }
  }

  var text: String {
    var rows = TextTable([.left, .left])
    let size = bundle.files.reduce(0) { $0 + $1.contents.count }
    rows.row(
      "files", "\(Quantities.counted(bundle.files.count, "file")) in \(folder)/, \(Quantities.bytes(size))")
    if trained > 0 {
      rows.row("trained", Quantities.counted(trained, "parameter"))
      rows.row("state", "\(Quantities.bytes(bundle.stateByteCount)): parameters and what the optimizer keeps")
    }
    for function in compilation.functions {
      let program = function.program
      let ratio =
        program.arenaLowerBound == 0 ? 1 : Double(program.arenaByteCount) / Double(program.arenaLowerBound)
      rows.row(
        function.name,
        "\(Quantities.operations(program.operationCount)), \(Quantities.counted(program.steps.count, "step")), "
          + "\(Quantities.bytes(program.arenaByteCount)) of working memory "
          + "(lower bound \(Quantities.bytes(program.arenaLowerBound)), ratio \(Quantities.fixed(ratio, 2)))")
    }
    return (["\(graph.name), with training".escapingControls] + rows.lines(indent: "  ")).map { $0 + "\n" }
      .joined()
  }

  var json: JSON {
    let functions = compilation.functions.map { function in
      JSON.object([
        ("name", .string(function.name)), ("operations", .int(function.program.operationCount)),
        ("steps", .int(function.program.steps.count)), ("arenaBytes", .int(function.program.arenaByteCount)),
        ("arenaLowerBound", .int(function.program.arenaLowerBound)),
      ])
    }
    let files = bundle.files.map { file in
      JSON.object([("path", .string(file.path)), ("bytes", .int(file.contents.count))])
    }
    return .object([
      ("graph", .string(graph.name)), ("folder", .string(folder)), ("files", .array(files)),
      ("trainedParameters", .int(trained)), ("stateBytes", .int(bundle.stateByteCount)),
      ("arenaBytes", .int(bundle.arenaByteCount)), ("functions", .array(functions)),
    ])
  }
}
