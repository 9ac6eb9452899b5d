import GraphCompiler
import KernelRunner
import LoopIR
import SourceText
import TensorFiles
import Testing

/// Weights stored as f16: half the bytes, and the numbers of weights that were rounded before.
@Suite struct WeightTypeTests {
  private static let layers = "conv(32, kernel: 5, pad: 2) -> relu -> maxpool(2) -> conv(48, kernel: 1) -> relu"
  private static let network = "input x: f32[1, 4, 12, 12]\n output y = x -> \(layers) -> flatten -> fc(40)"
  private static let depthwise = "input x: f32[1, 128, 12, 12]\n output y = x -> conv(128, kernel: 3, groups: 128)"

  @Test(arguments: HostProcessor.instructionSets, [network, depthwise])
  func computesWithRoundedWeights(_ target: String, _ body: String) throws {
    let graph = try parse(body)
    let build = BuildOptions(optimization: "-O1", instructionSet: target, weightElement: .f16)
    let inputs = Verification.randomInputs(graph, seed: 3)
    let program = try build.program(graph)
    #expect(program.buffers.contains { $0.type.element == .f16 })
    let got = try #require(try CompiledNetwork(program, build).run(inputs)["y"])
    let expected = try #require(
      try Interpreter(rounded(graph)).run(inputs.mapValues { TensorValues($0) }).outputs["y"]?.values)
    #expect(Verification.compare("y", got.type, got.doubles, expected).relativeError < 1e-5)
  }

  @Test func winogradsWeightsAreHalvedToo() throws {
    let graph = try parse("input x: f32[1, 32, 28, 28]\n output y = x -> conv(32, kernel: 1) -> conv(32, kernel: 3, pad: 1) -> relu -> maxpool(2)")
    let build = BuildOptions(optimization: "-O1", weightElement: .f16)
    let program = try build.program(graph)
    #expect(program.buffers.contains { $0.transform != nil && $0.type.element == .f16 })
    let full = try BuildOptions().program(graph)
    #expect(program.parameterByteCount * 2 < full.parameterByteCount + 1024)
    let error = try Verification(graph, build: build).largestError
    #expect(error < 5e-3 && error > 1e-5)
  }

  @Test func weightsThatWouldBecomeInfiniteAreRefused() throws {
    let text = "input x: f32[64]\n param w: f32[64, 64] = constant(70000)\n output y = matmul(x, w)"
    let graph = try parse(text)
    do throws(CompileError) {
      _ = try BuildOptions(weightElement: .f16).program(graph)
      Issue.record("infinite weights went through")
    } catch {
      #expect(error.diagnostics.map(\.id) == ["weight-range"])
      #expect(error.diagnostics.first?.message == "'w' has the weight 70000.0, which is too large for f16")
    }
  }

  /// Its weights, to the nearest f16, where they are stored so.
  private func rounded(_ graph: Graph) throws -> Graph {
    var result = graph
    for value in graph.parameters {
      let info = graph[value]
      guard case .parameter(let source) = info.source, info.type.rank > 1, info.type.count >= 1024 else { continue }
      let numbers = try source.data(info.name, info.type).doubles.map { try nearestHalf($0) }
      result[value].source = .parameter(.data(TensorData(info.type, doubles: numbers)))
    }
    return result
  }

  /// Through the bits of a file.
  private func nearestHalf(_ number: Double) throws -> Double {
    try StoredTensor(shape: [1], [Float(number)]).converted(to: .f16).doubles()[0]
  }

  private func parse(_ body: String) throws -> Graph {
    try GraphParser.parse(SourceFile(path: "net.graph", text: "graph net {\n \(body)\n}\n")).graph
  }
}
