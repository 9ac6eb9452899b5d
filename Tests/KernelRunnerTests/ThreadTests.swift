import LoopIR
import SourceText
import Testing

@testable import GraphCompiler
@testable import KernelRunner

/// Work that threads share: the same bits as without them.
@Suite struct ThreadTests {
  /// Convolutions of all kinds: direct, by Winograd's algorithm in one block of tiles and in several, depthwise, small.
  static let network = """
    graph net {
      input x: f32[1, 3, 60, 60]
      a = x -> conv(32, kernel: 3, pad: 1) -> relu -> conv(32, kernel: 3, pad: 1) -> relu
      b = a -> maxpool(2) -> conv(48, kernel: 3, pad: 1) -> relu -> conv(48, kernel: 3, pad: 1, groups: 48) -> relu
      c = b -> maxpool(2) -> conv(32, kernel: 3, pad: 1) -> conv(64, kernel: 3, pad: 1) -> relu -> maxpool(2) -> conv(128, kernel: 3, pad: 1)
      output y = c -> global_avgpool -> flatten -> fc(40) -> softmax
    }
    """

  private static func bits(threads: Int) throws -> [[UInt8]] {
    let graph = try GraphParser.parse(SourceFile(path: "net.graph", text: network)).graph
    let build = BuildOptions(optimization: "-O1", threads: threads)
    let program = try build.program(graph)
    #expect(threads == 1 || program.kernels.contains { $0.isShared })
    // Winograd's products of few channels are shared by a kernel of their own.
    #expect(program.kernels.contains { $0.name.hasSuffix("_m") } == (threads > 1))
    let inputs = Verification.randomInputs(graph, seed: 3)
    let compiled = try CompiledNetwork(program, build)
    let results = try (0..<3).map { _ in compiled.run([try #require(inputs["x"]).bytes]) }
    #expect(results[0] == results[1] && results[1] == results[2])
    return results[0]
  }

  /// The outputs without threads.
  private static let alone = Result { try bits(threads: 1) }

  @Test(arguments: [2, 3, 7]) func theNumberOfThreadsChangesNoBit(_ threads: Int) throws {
    let alone = try Self.alone.get()
    #expect(!alone.isEmpty)
    let shared = try Self.bits(threads: threads)
    #expect(shared == alone)
  }

  /// Forward, backward and update: channels that fill their tiles, and such that leave a rest, whose sums several loops
  /// carry on.
  @Test(arguments: [
    "conv(32, kernel: 3, pad: 1) -> batch_norm -> relu -> maxpool(2) -> dropout(0.2)",
    "conv(80, kernel: 3, pad: 1) -> relu -> conv(112, kernel: 1) -> relu -> conv(40, kernel: 3, stride: 2, pad: 1)",
  ]) func trainingChangesNoBitEither(_ layers: String) throws {
    let text = """
      graph net(N = 16) {
        input x: f32[N, 3, 16, 16]
        output scores = x -> \(layers) -> flatten -> fc(10)
        train {
          input label: i32[N]
          minimize cross_entropy(scores, label)
          with sgd(rate: 0.02, momentum: 0.9)
        }
      }
      """
    let graph = try GraphParser.parse(SourceFile(path: "net.graph", text: text)).graph
    let images = Initializer.normal(mean: 0, deviation: 1).sample(TensorType(.f32, [16, 3, 16, 16]), name: "x", seed: 1)
    let labels = TensorData(TensorType(.i32, [16]), doubles: (0..<16).map { Double($0 % 10) })
    var snapshots: [[UInt8]] = []
    for threads in [1, 2, 5] {
      let trainer = try CompiledTrainer(graph, seed: 4, BuildOptions(optimization: "-O1", threads: threads))
      for _ in 0..<3 { _ = trainer.step([images.bytes, labels.bytes], rate: 0.02) }
      snapshots.append(trainer.snapshot)
    }
    #expect(snapshots[0] == snapshots[1] && snapshots[1] == snapshots[2])
  }

  /// No thread reads what another one writes, and the pool's own variables are in order.
  @Test func threadSanitizerFindsNothing() throws {
    let graph = try GraphParser.parse(SourceFile(path: "net.graph", text: Self.network)).graph
    let build = BuildOptions(optimization: "-O0", sanitizes: true, threads: 3)
    let program = try build.program(graph)
    let inputs = try #require(Verification.randomInputs(graph, seed: 3)["x"]).bytes
    let network: SanitizedNetwork
    do throws(CCompiler.Failure) {
      network = try SanitizedNetwork(program, build)
    } catch {
      guard error.kind == .missing else { throw error }
      print("skipped: \(error)")
      return
    }
    // Another compiler may round differently.
    let type = TensorType(.f32, [1, 40])
    let found = TensorData(type, bytes: try network.run([inputs])[0]).doubles
    let alone = TensorData(type, bytes: try Self.alone.get()[0]).doubles
    #expect(zip(found, alone).allSatisfy { abs($0 - $1) <= 1e-5 })
  }
}
