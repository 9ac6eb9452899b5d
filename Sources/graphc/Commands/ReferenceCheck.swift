import GraphCompiler
import KernelRunner
import SourceText
import TensorFiles

/// `graphc verify --against DIR`: generated code against numbers that others computed.
struct ReferenceCheck {
  let network: NetworkOptions
  let folder: String
  let tolerance: Double
  let build: BuildOptions

  /// A value of the graph and the numbers that the folder has for it.
  private struct Expectation {
    /// As the folder spells it.
    var name: String
    var value: Value
    var numbers: StoredTensor
  }

  /// The network on the inputs of the folder.
  private struct Subject {
    var graph: Graph
    var inputs: [String: TensorData]
  }

  func run(_ console: Console, json: Bool) throws -> ExitCode {
    let file = try NetworkFile(path: network.path)
    let given = try ReferenceFolder(folder)
    let parsed = try network.load(file, tensors: given.byName)
    try MemoryCheck.requireParameters(of: parsed.graph)
    let subject = try subject(parsed, given, file.symbolicExtents)
    let outputs = try expectedOutputs(parsed, given)
    let tolerance = max(tolerance, 16 * subject.graph.halfRounding)
    var report = VerificationReport(
      outputs: try console.progress("running \(file.name)") { try compare(outputs, subject) },
      tolerance: tolerance)
    if !report.passes {
      try console.progress("searching the value that departs first") {
        try search(subject, expectedValues(parsed, given), &report)
      }
    }
    try console.print(json ? report.json.text(pretty: true) + "\n" : report.text)
    if report.passes { return .success }
    throw CompileError(
      "departs",
      "graph '\(subject.graph.name)' departs from '\(folder)': relative error "
        + "\(Quantities.error(report.largestError)), tolerance \(Quantities.error(tolerance))",
      at: .unknown)
  }

  // MARK: What the folder says

  /// The network with the inputs of the folder.
  private func subject(
    _ parsed: ParsedGraph, _ given: ReferenceFolder, _ extents: [SymbolicExtent]
  ) throws -> Subject {
    let graph = parsed.graph
    let inputs = Set(graph.inputs.map { parsed.names.outside(graph[$0].name) }).union(parsed.names.absorbed)
    for name in inputs.sorted() where given[name] == nil {
      throw CompileError(
        "missing-input", "'\(folder)' has no numbers for input '\(name)'", at: .unknown,
        help: "expected them in '\(folder)/\(OutputFiles.fileName(name))'")
    }
    let files = try InputFiles(given.tensors.filter { inputs.contains($0.name) }.map { ($0.name, $0.file) })
    let matched = try files.matched(with: parsed, extents, scale: 1)
    var tensors: [String: TensorData] = [:]
    for value in graph.inputs {
      let info = graph[value]
      tensors[info.name] = try matched.tensors[info.name].map { tensor throws(TensorFileError) in
        try TensorData(tensor, as: info.type.element)
      }
    }
    return Subject(graph: matched.graph, inputs: tensors)
  }

  private func expectedOutputs(_ parsed: ParsedGraph, _ given: ReferenceFolder) throws -> [Expectation] {
    let names = parsed.graph.outputs.map { parsed.names.outside($0.name) }
    var expected: [Expectation] = []
    for (name, output) in zip(names, parsed.graph.outputs) {
      if let numbers = given[name] {
        expected.append(Expectation(name: name, value: output.value, numbers: numbers))
      }
    }
    guard !expected.isEmpty else {
      let files = names.map { "'\(OutputFiles.fileName($0))'" }.joined(separator: ", ")
      throw CompileError(
        "missing-output", "'\(folder)' has no numbers for any output of graph '\(parsed.graph.name)'",
        at: .unknown,
        help: "expected \(files)".clipped(to: 200))
    }
    for expectation in expected { try requireShape(expectation, parsed.graph) }
    return expected
  }

  private func requireShape(_ expectation: Expectation, _ graph: Graph) throws(CompileError) {
    let type = graph.type(of: expectation.value)
    if expectation.numbers.shape == type.shape { return }
    throw CompileError(
      "output-shape",
      "expected \(type) for output '\(expectation.name)', found shape \(expectation.numbers.shape) in '\(folder)'",
      at: .unknown)
  }

  /// Values between inputs and outputs, in the order in which they are computed. One of another shape is
  /// none.
  private func expectedValues(_ parsed: ParsedGraph, _ given: ReferenceFolder) -> [Expectation] {
    let graph = parsed.graph
    var places: [String: Value] = [:]
    for value in graph.nodes.flatMap(\.results) { places[graph[value].name] = value }
    let found = given.tensors.compactMap { name, _, tensor -> Expectation? in
      guard let value = places[parsed.names.inGraph(name)], graph.type(of: value).shape == tensor.shape else {
        return nil
      }
      return Expectation(name: name, value: value, numbers: tensor)
    }
    let order = graph.nodes.flatMap(\.results).enumerated().map { ($1, $0) }
    let ranks = Dictionary(order, uniquingKeysWith: { first, _ in first })
    return found.sorted { (ranks[$0.value] ?? 0, $0.name) < (ranks[$1.value] ?? 0, $1.name) }
  }

  // MARK: Comparing

  /// Every expectation against the compiled network.
  private func compare(_ expected: [Expectation], _ subject: Subject) throws -> [Verification.OutputReport] {
    var graph = subject.graph
    // Names in the folder are none of the language.
    let names = expected.indices.map { "reference_\($0)" }
    graph.outputs = zip(names, expected).map { Graph.Output(name: $0, value: $1.value) }
    let program = try build.program(graph)
    try MemoryCheck.requireRun(of: program)
    let got = try CompiledNetwork(program, build).run(subject.inputs)
    return zip(names, expected).map { name, expectation in
      Verification.compare(
        expectation.name, graph.type(of: expectation.value), got[name]?.doubles ?? [],
        expectation.numbers.doubles())
    }
  }

  /// Names the first value that departs: from the folder, and from what the interpreter makes of the same
  /// inputs.
  private func search(
    _ subject: Subject, _ values: [Expectation], _ report: inout VerificationReport
  ) throws {
    if let first = try compare(values, subject).first(where: { !$0.isWithin(report.tolerance) }) {
      report.departures.append(("firstToDepart", "first to depart from \(folder)", first))
    }
    let verification = try Verification(
      subject.graph.showingStoredValues(), inputs: subject.inputs, build: build)
    let own = max(1e-5, 16 * subject.graph.halfRounding)
    if let first = verification.outputs.first(where: { !$0.isWithin(own) }) {
      report.departures.append(
        ("firstToDepartFromInterpreter", "first to depart from the interpreter", first))
    } else {
      report.remarks.append(
        "generated code and interpreter agree on every value: the network means something else than "
          + "\(folder) holds")
    }
  }
}
