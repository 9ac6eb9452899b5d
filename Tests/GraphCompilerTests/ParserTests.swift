import LoopIR
import SourceText
import Testing

@testable import GraphCompiler

/// Parses a text whose mistakes fail the test with what the user would read.
func parse(_ text: String, _ settings: [String: Int] = [:]) throws -> ParsedGraph {
  var options = GraphParser.Options()
  options.settings = settings
  do throws(CompileError) {
    return try GraphParser.parse(SourceFile(path: "test.graph", text: text), options: options)
  } catch {
    Issue.record("\(DiagnosticRenderer().render(error.diagnostics))")
    throw error
  }
}

/// The diagnostics of a text, warnings included.
func diagnostics(_ text: String, _ options: GraphParser.Options = .init()) -> [Diagnostic] {
  do throws(CompileError) {
    return try GraphParser.parse(SourceFile(path: "test.graph", text: text), options: options).warnings
  } catch {
    return error.diagnostics
  }
}

/// A graph around statements that use the input `x`, f32[1, 2, 8, 8].
func net(_ statements: String, blocks: String = "") -> String {
  "\(blocks)\ngraph net(N = 1) {\ninput x: f32[N, 2, 8, 8]\n\(statements)\n}\n"
}

@Suite struct ParserTests {
  /// Names of the values that nodes compute, in order.
  static func nodeNames(_ text: String, _ settings: [String: Int] = [:]) throws -> [String] {
    let graph = try parse(text, settings).graph
    return graph.nodes.flatMap(\.results).map { graph[$0].name }
  }

  static func parameterNames(_ text: String) throws -> [String] {
    let graph = try parse(text).graph
    return graph.parameters.map { graph[$0].name }
  }

  // MARK: Names

  @Test func valuesNumberPerOperator() throws {
    let text = net("x -> relu -> tanh -> relu -> out: conv(1, kernel: 1)\noutput out")
    #expect(try Self.nodeNames(text) == ["relu1", "tanh1", "relu2", "out"])
    #expect(try Self.parameterNames(text) == ["out.weight", "out.bias"])
  }

  @Test func numberingLeavesTheNamesOfTheTextAlone() throws {
    let text = net(
      "x -> conv(2, kernel: 1) -> conv1: conv(2, kernel: 1) -> conv(2, kernel: 1)\noutput y = conv1 + conv3")
    #expect(try Self.nodeNames(text) == ["conv2", "conv1", "conv3", "y"])
  }

  @Test func assignmentsNameTheLastOperator() throws {
    let text = net("y = x -> relu -> conv(2, kernel: 1)\nz = -(y + 1)\noutput a = z\noutput y")
    #expect(try Self.nodeNames(text) == ["relu1", "y", "add1", "z"])
    #expect(try Self.parameterNames(text) == ["y.weight", "y.bias"])
    #expect(try parse(text).graph.outputs.map(\.name) == ["a", "y"])
  }

  @Test func repeatedLabelsAreCounted() throws {
    let text = net(
      "x -> [[c: conv(2, kernel: 1) -> relu] * 2 -> d: conv(2, kernel: 1)] * 2 -> e: relu\noutput e")
    #expect(
      try Self.nodeNames(text) == [
        "c.1.1", "relu1", "c.1.2", "relu2", "d.1", "c.2.1", "relu3", "c.2.2", "relu4", "d.2", "e",
      ])
    let once = net("x -> [c: conv(2, kernel: 1)] * 1 -> d: relu * 2\noutput d\noutput c")
    #expect(try Self.nodeNames(once) == ["c", "d.1", "d.2"])
    #expect(try parse(once).graph.outputs[0].name == "d")
  }

  @Test func blocksOpenScopes() throws {
    let block = "block twice(x, n) { y = x -> conv(n, kernel: 1) -> relu\nreturn y + x }"
    let text = net("x -> twice(2) -> last: twice(2) -> twice(2) * 2\noutput twice3", blocks: block)
    let names = ["twice1", "last", "twice2", "twice3"].flatMap { ["\($0).conv1", "\($0).y", $0] }
    #expect(try Self.nodeNames(text) == names)
  }

  @Test func blockNamesThatEndInDigitsAreSetOff() throws {
    let text = net(
      "x -> relu6 -> relu6\noutput relu6_2", blocks: "block relu6(x) { return clip(x, min: 0, max: 6) }")
    #expect(try Self.nodeNames(text) == ["relu6_1", "relu6_2"])
  }

  @Test func aBlockThatReturnsItsOperandNamesNothing() throws {
    let text = net(
      "x -> relu -> a: same -> tanh\noutput tanh1\noutput a", blocks: "block same(x) { return x }")
    let graph = try parse(text).graph
    #expect(graph.nodes.flatMap(\.results).map { graph[$0].name } == ["relu1", "tanh1"])
    #expect(graph.outputs[1] == .init(name: "a", value: graph.nodes[0].results[0]))
  }

  @Test func blocksMayHaveSeveralResults() throws {
    let block = "block both(x) { a = relu(x)\nreturn a, tanh(x) }"
    let text = net("p, q = both(x)\noutput y = p + q", blocks: block)
    #expect(try Self.nodeNames(text) == ["p", "q", "y"])
  }

  @Test func pathsReachIntoBlocks() throws {
    let block = "block layer(x) { return x -> c: conv(2, kernel: 1) -> relu }"
    let text = net(
      "x -> layer\noutput y = reduce_sum(layer1.c.weight ^ 2, keep: false)\noutput z = layer1.c",
      blocks: block)
    #expect(try parse(text).graph.outputs.map(\.name) == ["y", "z"])
  }

  @Test func keywordsMayBeValues() throws {
    let text = """
      graph net {
        input input: f32[2]
        output = relu(input)
        train = output * 2
        output output
        output train
      }
      """
    #expect(try Self.nodeNames(text) == ["output", "train"])
  }

  // MARK: Repetition and compile-time values

  @Test(arguments: [(0, 0), (1, 1), (3, 3)])
  func repetition(count: Int, nodes: Int) throws {
    let text = "graph net(K) {\ninput x: f32[2]\noutput y = x -> relu * K\n}"
    #expect(try Self.nodeNames(text, ["K": count]).count == nodes)
  }

  @Test func conditionsRepeat() throws {
    let block = "block fit(x, n) { return x -> [conv(n, kernel: 1)] * (channels(x) != n) }"
    #expect(try Self.nodeNames(net("x -> fit(2) -> fit(4)\noutput fit2", blocks: block)) == ["fit2"])
  }

  @Test(arguments: [
    ("6/2", "3"), ("7/2", "3.5"), ("2^10", "1024"), ("2^-1", "0.5"), ("-2^2", "-4"), ("1 + 2 * 3 - 4", "3"),
    ("2^3^2", "512"), ("(1 + 2) * 3", "9"), ("min(3, 1, 2)", "1"), ("max(1, 2.5)", "2.5"),
    ("floor(-1.5)", "-2"),
    ("ceil(1.2)", "2"), ("round(2.5)", "2"), ("abs(-3)", "3"), ("sqrt(16)", "4.0"), ("dim(x, -1)", "8"),
    ("dim(x, 0)", "1"), ("channels(x)", "2"), ("rank(x)", "4"), ("3 == 3.0", "true"),
    ("\"a\" == \"b\"", "false"),
    ("[1, 2] != [1, 3]", "true"), ("(1 < 2) + 1", "2"), ("-inf", "-inf"), ("1e3", "1000.0"),
    ("N + k + c", "11"), ("c / 4", "2"),
  ])
  func compileTime(expression: String, value: String) throws {
    let text = net(
      """
      k = 2
      const c: f32[] = 8
      output y = x -> [relu] * ((\(expression)) == \(value))
      """
    )
    #expect(try parse(text).graph.nodes.count == 1)
  }

  @Test func settingsOverrideDefaults() throws {
    let graph = try parse(net("output x"), ["N": 7]).graph
    #expect(graph.type(of: graph.inputs[0]).shape == [7, 2, 8, 8])
  }

  @Test func linesContinueInsideBracketsAndAtArrows() throws {
    let text = net("y = (x\n + 1)\n -> relu\n\n -> tanh\nz = y +\n 2 *\n y\noutput z")
    #expect(try Self.nodeNames(text) == ["add1", "relu1", "y", "mul1", "z"])
  }

  // MARK: Tensors in text

  @Test func numbersBecomeConstantsOfTheOtherOperandsType() throws {
    let graph = try parse("graph net {\ninput i: i64[2]\noutput y = i * 3\noutput z = where(i > 1, 1, -1)\n}")
      .graph
    #expect(graph.constants.map { graph.type(of: $0).element } == [.i64, .i64, .f32, .f32])
  }

  @Test func literals() throws {
    let text = """
      graph net {
        const a = [[1, 2.5], [-3, 4e2]]
        const b: u8[3] = [0, 255, true]
        const c: bool[2] = [true, 0]
        const d: f32[2, 2] = 0.5
        param w: f32[2] = [1, -inf]
        param v: f32[3] = 2
        output a
        output b
        output c
        output d
        output w
        output v
      }
      """
    let graph = try parse(text).graph
    #expect(
      graph.constants.map { graph[$0].data?.doubles } == [
        [1, 2.5, -3, 400], [0, 255, 1], [1, 0], [0.5, 0.5, 0.5, 0.5],
      ])
    #expect(graph[graph.parameters[0]].data?.doubles == [1, -.infinity])
    #expect(graph[graph.parameters[1]].source == .parameter(.initializer(.constant(2))))
  }

  @Test(arguments: [
    ("zeros()", Initializer.zeros), ("ones()", .ones), ("constant(-1)", .constant(-1)),
    ("uniform(-0.5, high: 0.5)", .uniform(low: -0.5, high: 0.5)),
    ("normal(std: 2, mean: 1)", .normal(mean: 1, deviation: 2)), ("he_normal()", .heNormal),
    ("xavier_uniform()", .xavierUniform), ("orthogonal()", .orthogonal),
  ])
  func initializers(text: String, initializer: Initializer) throws {
    let graph = try parse("graph net {\nparam w: f32[2, 3] = \(text)\noutput w\n}").graph
    #expect(graph[graph.parameters[0]].source == .parameter(.initializer(initializer)))
  }

  @Test func examplesHaveTypesForOperands() throws {
    let graph = try GraphParser.parseExample("conv(f32[1, 2, 5, 5], f32[3, 2, 3, 3], pad: 1)")
    #expect(graph.inputs.map { graph[$0].name } == ["x0", "x1"])
    #expect(graph.outputs.map(\.name) == ["y"])
    #expect(graph.type(of: graph.outputs[0].value).shape == [1, 3, 5, 5])
    let several = try GraphParser.parseExample("split(f32[4], parts: 2, axis: 0)")
    #expect(several.outputs.map(\.name) == ["y0", "y1"])
  }

  @Test func trainSection() throws {
    let text = net(
      """
      output y = x -> conv(2, kernel: 1)
      train {
        input t: f32[N, 2, 8, 8]
        minimize reduce_mean((y - t)^2, keep: false)
        with sgd(0.1, momentum: 0.9)
        freeze y.*, y.bias
        clip norm(1)
      }
      """)
    let graph = try parse(text).graph
    let train = try #require(graph.train)
    #expect(train.loss.map { graph[$0].name } == "loss")
    #expect(train.nodes.count == 3)
    #expect(train.directives.map(\.names) == [["sgd"], ["y.*", "y.bias"], ["norm"]])
    #expect(train.directives[0].arguments.map(\.name) == [nil, "momentum"])
  }
}
