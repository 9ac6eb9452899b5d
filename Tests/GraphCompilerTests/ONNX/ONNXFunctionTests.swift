import Testing

@testable import GraphCompiler

/// Functions of a model and bodies of its nodes, which are read as if their nodes stood in the graph.
@Suite struct ONNXFunctionTests {
  static let opsets: [ONNXMessage] = [.opset("", 21), .opset("my", 1)]

  static func model(
    _ functions: [ONNXMessage], _ nodes: ONNXMessage..., initializers: [ONNXMessage] = []
  ) -> ONNXTestModel {
    ONNXTestModel(
      nodes: nodes, inputs: [.value("x", [2])], initializers: initializers, functions: functions,
      opsets: opsets)
  }

  static let leaky = ONNXMessage.function(
    "leaky", ["a"], ["b"], attributes: ["slope"],
    .node("LeakyRelu", ["a"], ["b"], .reference("alpha", to: "slope", type: 1)))

  @Test func attributesAreHandedIn() throws {
    let call = ONNXMessage.node("leaky", ["x"], ["y"], domain: "my", .float("slope", 0.5))
    #expect(try Self.model([Self.leaky], call).run([-2, 3])[0].values == [-1, 3])
    let plain = Self.model([Self.leaky], .node("leaky", ["x"], ["y"], domain: "my"))
    #expect(try abs(plain.run([-2, 3])[0].values[0] + 0.02) < 1e-9)
  }

  @Test func attributesHaveDefaults() throws {
    let function = ONNXMessage.function(
      "leaky", ["a"], ["b"], defaults: [.float("slope", 0.25)],
      .node("LeakyRelu", ["a"], ["b"], .reference("alpha", to: "slope", type: 1)))
    #expect(
      try Self.model([function], .node("leaky", ["x"], ["y"], domain: "my")).run([-2, 3])[0].values == [
        -0.5, 3,
      ])
    let call = ONNXMessage.node("leaky", ["x"], ["y"], domain: "my", .float("slope", 0.5))
    #expect(try Self.model([function], call).run([-2, 3])[0].values == [-1, 3])
  }

  @Test func functionsNest() throws {
    let outer = ONNXMessage.function(
      "outer", ["p"], ["q"], attributes: ["s"],
      .node("leaky", ["p"], ["t"], domain: "my", .reference("slope", to: "s", type: 1)),
      .node("Add", ["t", "t"], ["q"]))
    let call = ONNXMessage.node("outer", ["x"], ["y"], domain: "my", .float("s", 0.5))
    #expect(try Self.model([outer, Self.leaky], call).run([-2, 3])[0].values == [-2, 6])
  }

  @Test func namesInsideAreTheirOwn() throws {
    let function = ONNXMessage.function(
      "twice", ["a"], ["y"], .node("Relu", ["a"], ["t"]), .node("Add", ["t", "t"], ["y"]))
    let model = Self.model(
      [function], .node("twice", ["x"], ["t"], domain: "my"), .node("twice", ["t"], ["y"], domain: "my"))
    #expect(try model.run([-2, 3])[0].values == [0, 12])
  }

  @Test func functionsDoNotSeeTheGraph() {
    let function = ONNXMessage.function("peek", ["a"], ["b"], .node("Add", ["a", "w"], ["b"]))
    let model = Self.model(
      [function], .node("peek", ["x"], ["y"], domain: "my"), initializers: [.data("w", [2], [1, 2])])
    expectRefusal(model, "uses 'w', which nothing before it computes")
  }

  @Test func inputsMayBeLeftOut() throws {
    let function = ONNXMessage.function(
      "cut", ["a", "least", "most"], ["b"], .node("Clip", ["a", "least", "most"], ["b"]))
    let model = Self.model(
      [function], .node("cut", ["x", "", "w"], ["y"], domain: "my"), initializers: [.data("w", [], [1])])
    #expect(try model.run([-2, 3])[0].values == [-2, 1])
    #expect(
      try Self.model([function], .node("cut", ["x"], ["y"], domain: "my")).run([-2, 3])[0].values == [-2, 3])
  }

  @Test func recursionIsRefused() {
    let own = ONNXMessage.function("f", ["a"], ["b"], .node("f", ["a"], ["b"], domain: "my"))
    expectRefusal(
      Self.model([own], .node("f", ["x"], ["y"], domain: "my")), "nests more than 32 deep: it may call itself"
    )
    let even = ONNXMessage.function("even", ["a"], ["b"], .node("odd", ["a"], ["b"], domain: "my"))
    let odd = ONNXMessage.function("odd", ["a"], ["b"], .node("even", ["a"], ["b"], domain: "my"))
    expectRefusal(Self.model([even, odd], .node("odd", ["x"], ["y"], domain: "my")), "it may call itself")
  }

  @Test func functionsThatDoubleEnd() {
    let functions = (0..<30).map { level in
      ONNXMessage.function(
        "f\(level)", ["a"], ["b"],
        .node(level == 0 ? "Relu" : "f\(level - 1)", ["a"], ["t"], domain: level == 0 ? "" : "my"),
        .node(level == 0 ? "Relu" : "f\(level - 1)", ["t"], ["b"], domain: level == 0 ? "" : "my"))
    }
    expectRefusal(Self.model(functions, .node("f29", ["x"], ["y"], domain: "my")), "more than 100000 nodes")
  }

  @Test func outputsMustBeComputed() {
    let function = ONNXMessage.function("f", ["a"], ["b"], .node("Relu", ["a"], ["c"]))
    expectRefusal(
      Self.model([function], .node("f", ["x"], ["y"], domain: "my")), "does not compute its output")
  }

  // MARK: Bodies

  static func branch(_ type: String) -> ONNXMessage { .body([.node(type, ["x"], ["r"])], outputs: ["r"]) }

  @Test(arguments: [true, false])
  func aKnownConditionChoosesABranch(_ condition: Bool) throws {
    let flag = ONNXMessage.data("c", 9, [1]) { $0.bytes(9, [condition ? 1 : 0]) }
    let node = ONNXMessage.node(
      "If", ["c"], ["y"], .graph("then_branch", Self.branch("Relu")),
      .graph("else_branch", Self.branch("Neg")))
    let model = Self.model([], node, initializers: [flag])
    guard ONNXRules.find("If", domain: "") != nil else {
      #expect(model.complaints().map(\.kind) == [.unsupported])
      return
    }
    #expect(try model.run([-2, 3])[0].values == (condition ? [0, 3] : [2, -3]))
  }

  @Test func deepNestingEnds() {
    var body = Self.branch("Relu")
    for _ in 0..<2000 {
      body = .body(
        [.node("If", ["c"], ["r"], .graph("then_branch", body), .graph("else_branch", Self.branch("Neg")))],
        outputs: ["r"])
    }
    let flag = ONNXMessage.data("c", 9, [1]) { $0.bytes(9, [1]) }
    let node = ONNXMessage.node(
      "If", ["c"], ["y"], .graph("then_branch", body), .graph("else_branch", Self.branch("Neg")))
    #expect(Self.model([], node, initializers: [flag]).complaints().count == 1)
  }
}
