import LoopIR
import SourceText
import Testing

@testable import GraphCompiler

/// Graphs written as a person would, and read back.
@Suite struct ReadableGraphTests {
  /// What the text of a graph becomes.
  private func rewritten(_ text: String) throws -> String {
    try #require(
      ReadableGraph(parse(text).graph, names: ExternalNames()).text(weights: "net.safetensors"))
  }

  private static let layers = """
    graph net {
      input x: f32[1, 3, 32, 32]
      weights "net.safetensors"

      output y = x -> [conv(8, kernel: 3, pad: 1) -> relu] * 2
                   -> [[conv(16, kernel: 3, pad: 1) -> relu] * 3 -> maxpool(2)] * 2 -> flatten
                   -> [fc(32) -> relu] * 2 -> fc(10) -> softmax
    }

    """

  private static let branches = """
    graph net {
      input x: f32[1, 4, 8, 8]
      weights "net.safetensors"

      param shared: f32[4, 4, 3, 3]
      const half: f32[] = 0.5

      conv1 = x -> conv(shared, pad: 1)
      conv2 = conv1 -> relu -> conv(shared, pad: 1)
      split1, split2 = x + conv2 -> relu -> mul(2)
                                 -> conv(8, kernel: [1, 3], bias: false, stride: [2, 1], pad: [0, 1])
                                 -> batch_norm -> split(sizes: [4, 4])
      sub1 = 1 - split1
      mul1 = half * sub1
      sub2 = half - split2
      output y = concat(mul1, sub2) -> reduce_mean(axes: [2, 3], keep: false)
      output conv1
      output z = conv1
    }

    """

  @Test(arguments: [layers, branches]) func itsOwnTextStays(_ text: String) throws {
    // The elements of parameters are not in the text.
    let open = text.replacing("  weights \"net.safetensors\"\n", with: "")
    #expect(try rewritten(open) == text)
  }

  @Test func chainsAndRepetitionAreFoundInWrittenOutText() throws {
    let open = Self.layers.replacing("  weights \"net.safetensors\"\n", with: "")
    #expect(try rewritten(parse(open).graph.text) == Self.layers)
  }

  @Test func theTextMeansTheSameGraph() throws {
    for text in [Self.layers, Self.branches] {
      let graph = try parse(text.replacing("  weights \"net.safetensors\"\n", with: "")).graph
      let readable = ReadableGraph(graph, names: ExternalNames())
      #expect(readable.graph.nodes.map { type(of: $0.op).name } == graph.nodes.map { type(of: $0.op).name })
      let inputs = Dictionary(
        graph.inputs.map { value in
          let type = graph.type(of: value)
          let values = (0..<type.count).map { Double($0 % 7) / 7 }
          return (graph[value].name, TensorValues(shape: type.shape, values: values))
        }, uniquingKeysWith: { first, _ in first })
      let expected = try Interpreter(graph).run(inputs).outputs
      let found = try Interpreter(readable.graph).run(inputs).outputs
      for output in graph.outputs { #expect(expected[output.name]?.values == found[output.name]?.values) }
    }
  }

  @Test func longConstantsAreInTheWeightsFile() throws {
    let readable = ReadableGraph(
      try parse("graph net {\ninput x: i64[100]\nconst table: i64[100] = 3\noutput y = x + table\n}").graph,
      names: ExternalNames())
    #expect(readable.text(weights: "w")?.contains("const table: i64[100] = data(\"table\")") == true)
    #expect(readable.tensors.map(\.name) == ["table"])
  }

  @Test(arguments: [
    ("/layer1/layer1.0/conv1/Conv_output_0", "layer1_0_conv1"), ("conv1_1", "conv1_1"), ("497", nil),
    ("t12", nil),
    ("/features/features.3/Relu_output_0", nil), ("resnet/block1/add:0", "resnet_block1_add_0"),
  ]) func namesOfModels(_ name: String, _ expected: String?) {
    #expect(ReadableName.value(name) == expected)
  }

  @Test(arguments: [
    ("conv1.weight", "conv1"), ("fc6_w_0", "fc6"), ("onnx::Conv_193", nil), ("features.0.weight", nil),
    ("W", nil),
  ]) func namesOfLayers(_ name: String, _ expected: String?) {
    #expect(ReadableName.layer(ofParameter: name) == expected)
  }
}
