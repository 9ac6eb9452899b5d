import LoopIR
import SourceText
import Testing

@testable import GraphCompiler

@Suite struct PrinterTests {
  static func roundTrip(_ graph: Graph) throws -> Graph {
    var options = GraphParser.Options()
    options.blobs = graph.blobs
    return try GraphParser.parse(SourceFile(path: "printed", text: graph.text), options: options).graph
  }

  @Test func everythingIsWrittenOut() throws {
    let text = net(
      """
      x -> a: conv(2, kernel: 3, pad: "same") -> relu * 2 -> softmax(axis: -1)
      y = a + 0.5
      output y
      output p = softmax1
      train {
        minimize reduce_sum(y, keep: false)
        with sgd(rate: 0.1)
        freeze a.*
      }
      """)
    #expect(
      try parse(text).graph.text == """
        graph net {
          input x: f32[1, 2, 8, 8]

          param a.weight: f32[2, 2, 3, 3] = he_normal()
          param a.bias: f32[2] = zeros()

          const constant1: f32[] = 0.5

          a = conv(x, a.weight, a.bias, pad: [1, 1, 1, 1])
          relu1 = relu(a)
          relu2 = relu(relu1)
          softmax1 = softmax(relu2, axis: 3)
          y = add(a, constant1)

          output y
          output p = softmax1

          train {
            loss = reduce_sum(y, keep: false)
            minimize loss
            with sgd(rate: 0.1)
            freeze a.*
          }
        }

        """)
  }

  @Test func kernelsGroupNodes() throws {
    let text = net("kernel {\na = relu(x)\nb = tanh(a)\n}\nc = relu(b)\nkernel { d = tanh(c) }\noutput d")
    let graph = try parse(text).graph
    #expect(graph.nodes.map(\.group) == [0, 0, nil, 1])
    #expect(
      graph.text.contains("  kernel {\n    a = relu(x)\n    b = tanh(a)\n  }\n  c = relu(b)\n  kernel {\n"))
    #expect(try Self.roundTrip(graph) == graph)
  }

  @Test func groupsAreNumberedByTheirOrder() throws {
    var graph = try parse(net("kernel {\na = relu(x)\n}\nkernel {\nb = tanh(a)\n}\noutput b")).graph
    let before = graph
    graph.nodes[0].group = 7
    graph.nodes[1].group = 3
    #expect(graph == before)
    graph.nodes[1].group = 7
    #expect(graph != before)
  }

  @Test func valuesThatNothingMentionsDoNotCount() throws {
    let graph = try parse(net("a = relu(x)\nb = tanh(x)\noutput b")).graph
    var shorter = graph
    shorter.nodes.removeFirst()
    #expect(shorter != graph)
    #expect(try Self.roundTrip(shorter) == shorter)
    #expect(shorter.renumbered.values.count == 2)
  }

  @Test func elementsReadBackExactly() throws {
    let floats: [Float] = [
      0.1, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .infinity, -.infinity, 16_777_216, 1 / 3,
    ]
    let doubles = [0.1, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1e22, -1e-7]
    let integers: [Int64] = [.min, .max, 0]
    var builder = GraphBuilder(name: "net")
    for data in [
      TensorData(TensorType(.f32, [2, 2, 2]), .f32(floats)), TensorData(TensorType(.f64, [5]), .f64(doubles)),
      TensorData(TensorType(.i64, [3]), .integers(integers)),
      TensorData(TensorType(.bool, [2]), .integers([1, 0])),
      TensorData(TensorType(.f32, []), .f32([7])), TensorData(TensorType(.f32, [2, 0]), .f32([])),
    ] {
      let value = builder.constant(data)
      builder.output(builder.graph[value].name, value)
    }
    let again = try Self.roundTrip(builder.graph)
    for (value, other) in zip(builder.graph.constants, again.constants) {
      #expect(builder.graph[value].data == again[other].data)
    }
    guard case .f32(let read)? = again[again.constants[0]].data?.storage else { return }
    #expect(read.map(\.bitPattern) == floats.map(\.bitPattern))
  }

  @Test func longTensorsAreNamedByTheirElements() throws {
    var graph = try parse("graph net {\nparam w: f32[65] = 0\noutput y = relu(w)\n}").graph
    let elements = (0..<65).map(Float.init)
    graph[graph.parameters[0]].source = .parameter(.data(TensorData(TensorType(.f32, [65]), .f32(elements))))
    #expect(graph.blobs.count == 1)
    let key = try #require(graph.blobs.keys.first)
    #expect(graph.text.contains("param w: f32[65] = data(\"\(key)\")"))
    #expect(try Self.roundTrip(graph) == graph)
  }

  @Test func attributesReadBackExactly() throws {
    let words = ["plain", "with \"quotes\" and \\", "tab\t, line\n, bell \u{7}", "äöü 漢字"]
    for word in words {
      var builder = GraphBuilder(name: "net")
      let x = builder.input("x", TensorType(.f32, [2]))
      let step = builder.input("step", TensorType(.i64, []))
      var (dropout, slope) = (DropoutTraining(), LeakyRelu())
      (dropout.stream, slope.alpha) = (word, 1e300)
      builder.output("y", try builder.apply(slope, try builder.apply(dropout, x, step), name: "y"))
      let graph = builder.graph
      #expect(try Self.roundTrip(graph) == graph)
    }
  }

  static let examples = OpTable.all.flatMap { $0.examples }

  @Test(arguments: examples) func examplesRoundTrip(example: String) throws {
    let graph = try GraphParser.parseExample(example)
    #expect(GraphVerifier.violations(graph) == [])
    #expect(try Self.roundTrip(graph) == graph)
  }
}
