import GraphCompiler
import LoopIR
import SourceText
import Testing

@testable import KernelRunner

/// Whatever is chosen, the network computes the same.
@Suite struct TunedKernelTests {
  private typealias Words = [TuningWord: Int]

  private static let cases: [Words] = [
    [.vectors: 1], [.vectors: 4, .unroll: 8], [.vectors: 3, .tile: 5, .prefetch: 64], [.winograd: 2, .tile: 28, .unroll: 2],
    [.winograd: 0, .vectors: 2, .tile: 3, .prefetch: 0],
  ]

  private static let network = """
    graph net {
      input x: f32[1, 3, 26, 26]
      a = x -> conv(16, kernel: 3, pad: 1) -> relu -> conv(32, kernel: 3, pad: 1) -> relu
      b = a -> maxpool(2) -> conv(64, kernel: 3, pad: 1) -> relu -> maxpool(2) -> conv(48, kernel: 1)
      output y = b -> global_avgpool -> flatten -> fc(80) -> relu -> fc(10)
    }
    """

  /// The network, an input, and what the interpreter makes of it.
  private static let subject = Result {
    let graph = try GraphParser.parse(SourceFile(path: "net.graph", text: network)).graph
    let inputs = Verification.randomInputs(graph, seed: 1)
    let expected = try Interpreter(graph).run(inputs.mapValues { TensorValues($0) }).outputs["y"]?.values ?? []
    return (graph: graph, inputs: inputs, expected: expected)
  }

  /// A choice for everything that there is something to choose about.
  private func tuning(_ graph: Graph, _ words: Words, _ build: BuildOptions) throws -> Tuning {
    var tuning = Tuning()
    func choose(_ keys: [Tuning.Key], _ words: Words) {
      for key in keys { for (word, value) in words { tuning.choices[key, default: Tuning.Choice()][word] = value } }
    }
    let convolutions = try build.compilation(graph).tunableConvolutions.map(\.key)
    choose(convolutions, words.filter { $0.key == .winograd })
    var tuned = build
    tuned.tuning = tuning
    let program = try tuned.program(graph)
    choose(program.steps.flatMap(program.tuningKeys(of:)), words.filter { $0.key != .winograd })
    return tuning
  }

  /// The best and the least of this machine's.
  private static let instructionSets = Set([HostProcessor.instructionSet, "portable"]).sorted()

  @Test(arguments: cases.indices, instructionSets) func theResultsAreRight(_ place: Int, _ name: String) throws {
    let (graph, inputs, expected) = try Self.subject.get()
    var build = BuildOptions(optimization: "-O0", instructionSet: name, threads: 1 + place % 2)
    build.tuning = try tuning(graph, Self.cases[place], build)
    #expect(build.tuning.choices.count >= 6)
    let found = try #require(CompiledNetwork(build.program(graph), build).run(inputs)["y"])
    let report = Verification.compare("y", found.type, found.doubles, expected)
    #expect(report.relativeError < 1e-5)
  }

  @Test func aNetworkIsMeasured() throws {
    let graph = try RepositoryGraphs.parse("lenet5.graph")
    var tuner = try Tuner(graph, BuildOptions())
    try tuner.measure(.winograd)
    #expect(tuner.tuning.isEmpty)
    try tuner.measure(.unroll)
    let keys = try tuner.keys
    #expect(keys.count == 5 && keys.isSuperset(of: tuner.tuning.choices.keys))
    let outcome = try tuner.finish()
    #expect(outcome.before > 0 && outcome.now > 0)
    #expect(outcome.isFaster ? outcome.now <= outcome.before : tuner.tuning.isEmpty)
  }
}
