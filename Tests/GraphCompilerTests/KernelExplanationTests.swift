import LoopIR
import SourceText
import Testing

@testable import GraphCompiler

@Suite struct KernelExplanationTests {
  private func program(_ text: String, threads: Int = 1) throws -> Program {
    try Compilation(GraphParser.parse(SourceFile(path: "net.graph", text: text)).graph, threads: threads)
      .program
  }

  private static let layers = """
    graph layers {
      input image: f32[1, 3, 32, 32]
      image -> conv(32, kernel: 3, pad: 1) -> relu -> conv(32, kernel: 3, pad: 1) -> relu
            -> depthwise(kernel: 3, stride: 2) -> relu -> conv(64, kernel: 1) -> relu -> maxpool(2)
            -> flatten -> fc(10) -> scores: softmax
      output scores
    }
    """

  @Test func algorithmsAreFoundFromTheEquations() throws {
    let found = KernelExplanation.all(try program(Self.layers)).map(\.algorithm)
    let window = try #require(WinogradWindow(outputs: 4, taps: (3, 3)))
    for algorithm in [
      Algorithm.directConvolution, .winograd(window), .depthwiseConvolution,
      .pointwiseConvolution,
      .pooling, .matrixProduct, .movement,
    ] {
      #expect(found.contains(algorithm), "\(algorithm.label) among \(found.map(\.label))")
    }
  }

  @Test func aConvolutionOfOneChannelIsNotDepthwise() throws {
    let text = """
      graph one {
        input x: f32[1, 1, 12, 12]
        output y = x -> conv(8, kernel: 3)
      }
      """
    let found = KernelExplanation.all(try program(text)).filter { $0.work.operations > 0 }
    #expect(found.map(\.algorithm) == [.directConvolution])
  }

  @Test(arguments: [1, 4]) func nestsAreShortAndSayWhatIsInside(_ threads: Int) throws {
    let explanations = KernelExplanation.all(try program(Self.layers, threads: threads))
    for kernel in explanations {
      #expect((1...24).contains(kernel.nest.count), "\(kernel.name):\n\(kernel.nest.joined(separator: "\n"))")
    }
    let convolution = try #require(explanations.first { $0.algorithm == .directConvolution })
    let nest = convolution.nest.joined(separator: "\n")
    for words in [
      "vector o2 in 0..<16", "16 of 16 lanes", " pixels x 2 vectors", "multiply-adds on", "  sum", "store ",
    ] {
      #expect(nest.contains(words), "'\(words)' in\n\(nest)")
    }
    #expect(nest.contains("shared among threads") == (threads > 1))
  }

  /// A tile is told by the sums of the nest, not by the schedule alone.
  @Test func tilesOfAFullyConnectedLayerAreVectors() throws {
    let text = """
      graph dense {
        input x: f32[1, 128]
        output y = x -> fc(64)
      }
      """
    let kernel = try #require(KernelExplanation.all(try program(text)).first)
    #expect(kernel.algorithm == .matrixProduct)
    #expect(kernel.nest.contains { $0.contains("4 accumulators: 1 pixel x 4 vectors") }, "\(kernel.nest)")
  }

  @Test func everyStepIsExplainedOnce() throws {
    let program = try program(Self.layers)
    let steps = KernelExplanation.all(program).flatMap(\.steps)
    #expect(steps.sorted() == Array(program.steps.indices))
  }

  @Test func workOfAStepCountsEachTensorOnce() throws {
    let program = try program("graph add {\n  input a: f32[8]\n  input b: f32[8]\n  output y = a + b\n}")
    let work = program.work(of: program.steps[0])
    #expect(work == StepWork(operations: 8, byteCount: 96, weightByteCount: 0))
    #expect(program.work == work)
  }

  /// Limits name the sum three times; it is computed once.
  @Test func aSumThatOccursSeveralTimesIsCountedOnce() throws {
    func operations(_ activation: String) throws -> Int {
      let input = "graph net {\n  input x: f32[1, 3, 10, 10]\n"
      return try program(input + "  output y = x -> conv(8, kernel: 3) -> \(activation)\n}").operationCount
    }
    let results = 8 * 8 * 8
    #expect(try operations("identity") == results * (2 * 27 + 1))
    #expect(try operations("relu") == results * (2 * 27 + 2))
    // Every place where the bias is added is counted.
    #expect(try operations("clip(min: 0, max: 6)") <= results * (2 * 27 + 8))
  }

  @Test func thePredictionIsTheLargerOfTwoTimes() {
    let model = MachineModel(peak: 100, cacheBandwidth: 50, memoryBandwidth: 10, cacheByteCount: 1000)
    let small = StepWork(operations: 1_000_000, byteCount: 1000, weightByteCount: 500)
    let computed = model.prediction(of: small, operations: 1_000_000, networkWeights: 500)
    #expect(computed == .init(microseconds: 10, bound: .compute))
    let copied = model.prediction(of: small, operations: 0, networkWeights: 500)
    #expect(copied == .init(microseconds: 0.02, bound: .memory))
    // Weights of a network that no cache holds come from memory.
    let streamed = model.prediction(of: small, operations: 0, networkWeights: 5000)
    #expect(abs(streamed.microseconds - 0.06) < 1e-12)
    #expect(model.bound(of: small) == .compute)
    #expect(model.bound(of: StepWork(operations: 9, byteCount: 1, weightByteCount: 0)) == .memory)
  }
}
