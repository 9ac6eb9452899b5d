import GraphCompiler
import KernelRunner
import SourceText

/// `graphc verify`: generated code against the reference interpreter.
struct VerifyCommand: Command {
  static let spec = CommandSpec(
    "verify", "compare generated code with the reference interpreter",
    discussion: [
      "Runs the compiled C and the interpreter, which computes in double precision, on the same random "
        + "inputs. The error of an output is its largest difference over its largest element. Exit code 1 if "
        + "it is above the tolerance; then the first value that departs is searched, layer by layer. Networks "
        + "with f16 or bf16 values may be off by 16 roundings of these.",
      "With '--gradients', the compiled gradients of the loss by every parameter are compared with finite "
        + "differences of the interpreter instead, on a sample of elements: batch norm and dropout as in "
        + "training, without a train section the loss is a sum over the outputs. The error of a gradient is its "
        + "largest difference over its largest element.",
      "With --sanitize the code runs in a process of its own, under the address and undefined-behavior "
        + "sanitizers of the C compiler.",
    ],
    examples: [
      "graphc verify graphs/lenet5.graph", "graphc verify graphs/resnet18.graph --seed 7 --tolerance 1e-4",
      "graphc verify graphs/lenet5.graph --gradients --samples 20",
    ],
    positionals: [NetworkFile.positional],
    options: [
      NetworkOptions.set, NetworkOptions.shape, NetworkOptions.weights,
      .single("seed", "N", "selects the random inputs", default: "1"),
      .single("tolerance", "NUMBER", "largest relative error that passes: 1e-5, of gradients 1e-4"),
      .flag("gradients", "compare gradients with finite differences"),
      .single("samples", "N", "elements of each gradient that are compared", default: "6"),
      .flag("values", "compare every value that a kernel stores, not only the outputs"),
      .flag("sanitize", "run the code under the address and undefined-behavior sanitizers"),
      .single(
        "target", "NAME", "which kernels run, by default the best that this processor has",
        kind: .choice(SourceBundle.instructionSets)),
      .flag("json", "report for machines"),
    ])

  let network: NetworkOptions
  let seed: UInt64
  let tolerance: Double
  /// How many elements of each gradient are compared; nil where outputs are.
  let gradientSamples: Int?
  let comparesValues: Bool
  let build: BuildOptions
  let json: Bool

  init(_ arguments: ParsedArguments) throws(UsageError) {
    network = try NetworkOptions(arguments)
    seed = UInt64(try arguments.integer(of: "seed") ?? 1)
    let samples = try arguments.integer(of: "samples") ?? 6
    if samples < 1 {
      throw UsageError("option '--samples' wants a number of at least 1, found '\(samples)'", at: arguments.path)
    }
    gradientSamples = arguments.flag("gradients") ? samples : nil
    let text = arguments.value(of: "tolerance") ?? (gradientSamples == nil ? "1e-5" : "1e-4")
    guard let tolerance = Double(text), tolerance >= 0 else {
      throw UsageError(
        "option '--tolerance' wants a number of at least 0, found '\(text)'", at: arguments.path)
    }
    self.tolerance = tolerance
    comparesValues = arguments.flag("values")
    let sanitizes = arguments.flag("sanitize")
    build = BuildOptions(
      optimization: sanitizes ? "-O1" : "-O2",
      instructionSet: arguments.value(of: "target") ?? HostProcessor.instructionSet, sanitizes: sanitizes)
    json = arguments.flag("json")
  }

  func run(_ console: Console) throws -> ExitCode {
    let file = try NetworkFile(path: network.path)
    var graph = try network.load(file).graph
    guard HostProcessor.instructionSets.contains(build.instructionSet) else {
      throw CompileError(
        "no-such-processor", "this processor does not have '\(build.instructionSet)'", at: .unknown,
        kind: .unsupported, help: "it has \(HostProcessor.instructionSets.joined(separator: ", "))")
    }
    try MemoryCheck.requireParameters(of: graph)
    if let gradientSamples {
      return try GradientCheck(file.name, graph, seed: seed, samples: gradientSamples, tolerance)
        .run(console, json: json)
    }
    if comparesValues { graph = try graph.showingStoredValues() }
    let verification = try console.progress("running \(file.name) twice") {
      try Verification(graph, seed: seed, build: build)
    }
    let tolerance = max(tolerance, 16 * graph.halfRounding)
    let passes = verification.outputs.allSatisfy { $0.isWithin(tolerance) }
    let departure =
      passes
      ? nil
      : try console.progress("searching the value that departs first") {
        try Departure.first(in: Compilation(graph).graph, seed: seed, build: build, tolerance: tolerance)
      }
    let report =
      json ? self.json(verification, departure, tolerance) : text(verification, departure, tolerance)
    try console.print(report)
    if passes { return .success }
    throw CompileError(
      "departs",
      "graph '\(graph.name)' departs from the interpreter: relative error "
        + "\(Quantities.error(verification.largestError)), tolerance \(Quantities.error(tolerance))",
      at: .unknown)
  }

  private func text(
    _ verification: Verification, _ departure: Verification.OutputReport?, _ tolerance: Double
  ) -> String {
    var table = TextTable([.left, .left, .left, .right, .left])
    for output in verification.outputs {
      table.row(
        output.isWithin(tolerance) ? "PASS" : "FAIL", output.name, "\(output.type)",
        Quantities.error(output.relativeError), output.relativeError == 0 ? "exact" : output.worstText)
    }
    var lines = table.lines()
    if let departure {
      lines.append(
        "first to depart: \(departure.name), \(departure.type), relative error "
          + "\(Quantities.error(departure.relativeError)), \(departure.worstText)")
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private func json(
    _ verification: Verification, _ departure: Verification.OutputReport?, _ tolerance: Double
  ) -> String {
    let outputs = verification.outputs.map { output in
      JSON.object(output.members + [("pass", .bool(output.isWithin(tolerance)))])
    }
    var members: [(String, JSON)] = [
      ("pass", .bool(verification.outputs.allSatisfy { $0.isWithin(tolerance) })), ("tolerance", .double(tolerance)),
      ("outputs", .array(outputs)),
    ]
    if let departure { members.append(("firstToDepart", .object(departure.members))) }
    return JSON.object(members).text(pretty: true) + "\n"
  }
}

extension Verification.OutputReport {
  fileprivate func isWithin(_ tolerance: Double) -> Bool { relativeError <= tolerance }

  /// Where the largest difference is: `worst at [0, 3]: 0.25 instead of 0.125`.
  var worstText: String {
    "worst at \(worstIndices): \(Float(worst.got)) instead of \(Float(worst.expected))"
  }

  /// The row-major position as one index for each dimension.
  private var worstIndices: [Int] {
    var rest = worst.position
    return type.shape.reversed().map { extent in
      defer { rest /= max(extent, 1) }
      return rest % max(extent, 1)
    }.reversed()
  }

  var members: [(String, JSON)] {
    [
      ("name", .string(name)), ("type", .string("\(type)")), ("relativeError", .double(relativeError)),
      ("worstIndex", .array(worstIndices.map { .int($0) })), ("got", .double(worst.got)),
      ("expected", .double(worst.expected)),
    ]
  }
}
