import SourceText
import Testing

@testable import GraphCompiler

@Suite struct ModelSummaryTests {
  /// Parameters as the networks' authors or PyTorch's model zoo count them. Work: LeNet-5 by hand,
  /// 6·28²·25 + 16·10²·150 + 120·400 + 84·120 + 10·84; the others as fvcore and torchvision report.
  @Test(arguments: [
    ("lenet5", 61_706, 416_520), ("resnet18", 11_689_512, 1_814_073_344),
    ("resnet50", 25_557_032, 4_089_184_256),
    ("vgg16", 138_357_544, 15_470_264_320), ("googlenet", 6_998_552, nil), ("squeezenet1_1", 1_235_496, nil),
  ]) func totalsAreTheKnownOnes(_ name: String, _ parameters: Int, _ work: Int?) throws {
    let summary = ModelSummary(try ExampleNetwork.load(name))
    #expect(summary.parameterCount == parameters)
    if let work { #expect(summary.multiplyAccumulateCount == work) }
    #expect(summary.layers.reduce(0) { $0 + $1.parameterCount } == parameters)
    #expect(summary.layers.reduce(0) { $0 + $1.multiplyAccumulateCount } == summary.multiplyAccumulateCount)
  }

  @Test func printsAnAlignedTable() throws {
    let text = """
      graph tiny(N = 1) {
        input x: f32[N, 1, 4, 4]
        x -> conv(2, kernel: 3) -> batch_norm -> relu -> flatten -> scores: fc(1000)
        output scores
      }
      """
    let summary = ModelSummary(try parse(text).graph)
    #expect(
      summary.text == """
        tiny

        layer        operator    output        parameters   MACs
        ───────────  ──────────  ────────────  ──────────  ─────
        x            input       [1, 1, 4, 4]           -      -
        conv1        conv        [1, 2, 2, 2]          20     72
        batch_norm1  batch_norm  [1, 2, 2, 2]           4      0
        relu1        relu        [1, 2, 2, 2]           0      0
        flatten1     flatten     [1, 8]                 0      0
        scores       fc          [1, 1000]          9,000  8,000
        ───────────  ──────────  ────────────  ──────────  ─────
        total                                       9,024  8,072

        parameters            9,024 and 4 statistics, 35.3 KiB
        multiply-accumulates  8,072
        activations           4 KiB if each value had its own memory

        """)
  }

  @Test func jsonHasTheSameNumbers() throws {
    let graph = try ExampleNetwork.load("lenet5")
    let program = try Compilation(graph).program
    let json = ModelSummary(graph, program: program).json
    #expect(json["parameters"]?.intValue == 61_706)
    #expect(json["macs"]?.intValue == 416_520)
    #expect(json["arenaBytes"]?.intValue == program.arenaByteCount)
    #expect(json["layers"]?.arrayValue?.count == graph.inputs.count + graph.nodes.count)
    let conv = json["layers"]?.arrayValue?[1]
    #expect(conv?["operator"]?.stringValue == "conv")
    #expect(conv?["shape"]?.arrayValue?.map(\.intValue) == [1, 6, 28, 28])
  }

  @Test func sharedParametersCountOnce() throws {
    let text = """
      graph shared {
        input x: f32[1, 4]
        param w: f32[4, 4] = ones()
        a = fc(x, w)
        b = fc(a, w)
        output b
      }
      """
    let summary = ModelSummary(try parse(text).graph)
    #expect(summary.layers.map(\.parameterCount) == [0, 16, 0])
    #expect(summary.parameterCount == 16)
    #expect(summary.multiplyAccumulateCount == 32)
  }

  @Test func squaresAreNoMultiplyAccumulates() throws {
    #expect(GraphCosts(try GraphParser.parseExample("lrn(f32[1, 8, 4, 4])")).multiplyAccumulateCount == 0)
    #expect(
      GraphCosts(try GraphParser.parseExample("matmul(f32[2, 3], f32[3, 4])")).multiplyAccumulateCount == 24)
  }
}
