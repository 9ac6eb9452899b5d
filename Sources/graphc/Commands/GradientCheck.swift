import GraphCompiler
import KernelRunner
import SourceText

/// `graphc verify --gradients`: generated gradients against finite differences of the interpreter.
struct GradientCheck {
  private let file: String
  private let graph: Graph
  private let seed: UInt64
  private let samples: Int
  private let tolerance: Double
  private let build: BuildOptions

  init(
    _ file: String, _ graph: Graph, seed: UInt64, samples: Int, _ tolerance: Double, _ build: BuildOptions
  ) {
    self.file = file
    self.graph = graph
    self.seed = seed
    self.samples = samples
    self.tolerance = tolerance
    self.build = build
  }

  func run(_ console: Console, json: Bool) throws -> ExitCode {
    let verification = try console.progress("differentiating \(file) twice") {
      try GradientVerification(graph, seed: seed, samples: samples, build: build)
    }
    try console.print(json ? self.json(verification) : text(verification))
    if verification.tensors.allSatisfy(passes) { return .success }
    throw CompileError(
      "departs",
      "gradients of graph '\(graph.name)' depart from finite differences: relative error "
        + "\(Quantities.error(verification.largestError)), tolerance \(Quantities.error(tolerance))",
      at: .unknown)
  }

  private func passes(_ tensor: GradientVerification.TensorReport) -> Bool {
    tensor.output.relativeError <= tolerance
  }

  private func text(_ verification: GradientVerification) -> String {
    var table = TextTable([.left, .left, .left, .right, .left, .left])
    for tensor in verification.tensors {
      let output = tensor.output
      let kinks = tensor.skippedCount == 0 ? "" : ", \(tensor.skippedCount) at kinks"
      table.row(
        passes(tensor) ? "PASS" : "FAIL", output.name, "\(output.type)", Quantities.error(output.relativeError),
        Quantities.counted(tensor.comparedCount, "element") + kinks, tensor.comparedCount == 0 ? "" : output.worstText)
    }
    return table.lines().map { $0 + "\n" }.joined()
  }

  private func json(_ verification: GradientVerification) -> String {
    let tensors = verification.tensors.map { tensor in
      JSON.object(
        tensor.output.members + [
          ("compared", .int(tensor.comparedCount)), ("skipped", .int(tensor.skippedCount)),
          ("pass", .bool(passes(tensor))),
        ])
    }
    let members: [(String, JSON)] = [
      ("pass", .bool(verification.tensors.allSatisfy(passes))), ("tolerance", .double(tolerance)),
      ("gradients", .array(tensors)),
    ]
    return JSON.object(members).text(pretty: true) + "\n"
  }
}
