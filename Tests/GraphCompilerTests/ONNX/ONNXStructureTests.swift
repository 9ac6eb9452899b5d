import SourceText
import Testing

@testable import GraphCompiler

/// Names, order, optional inputs and attributes of a model's nodes.
@Suite struct ONNXStructureTests {
  static let relu = ONNXMessage.node("Relu", ["x"], ["y"])

  // MARK: Reports

  @Test func everyUnknownOperatorIsNamedOnce() {
    let model = ONNXTestModel(nodes: [
      .node("Fly", ["x"], ["a"], name: "first"), .node("Relu", ["a"], ["b"]), .node("Swim", ["b"], ["c"]),
      .node("Fly", ["c"], ["d"]), .node("Run", ["x"], ["y"], domain: "my.domain"),
    ])
    let found = model.complaints()
    #expect(found.map(\.id) == ["unsupported-operator", "unsupported-operator", "unsupported-operator"])
    #expect(found.allSatisfy { $0.kind == .unsupported })
    let messages = found.map(\.message)
    #expect(messages[0] == "operator 'Fly' is not supported: node 'first' (Fly) and 1 more")
    #expect(messages[1] == "operator 'Swim' is not supported: node of output 'c' (Swim)")
    #expect(messages[2] == "operator 'my.domain.Run' is not supported: node of output 'y' (Run)")
  }

  @Test func nodesBehindARefusedOneAreNotBlamed() {
    let model = ONNXTestModel(nodes: [
      .node("Softmax", ["x"], ["a"], .int("axis", 7)), .node("Relu", ["a"], ["y"]),
      .node("Flatten", ["x"], ["b"], .int("axis", 9)),
    ])
    #expect(model.complaints().map { $0.message.prefix(15) } == ["node of output ", "node of output "])
  }

  @Test func misspelledOperatorsAreSuggested() {
    let found = ONNXTestModel(nodes: [.node("Relo", ["x"], ["y"])]).complaints()
    #expect(found.first?.help?.contains("'Relu'") == true)
  }

  // MARK: Names

  @Test func aNodeCannotUseWhatComesLater() {
    let late = ONNXTestModel(nodes: [.node("Relu", ["a"], ["y"]), .node("Relu", ["x"], ["a"])])
    expectRefusal(late, "uses 'a', which nothing before it computes")
    let cycle = ONNXTestModel(nodes: [.node("Add", ["x", "y"], ["y"])])
    expectRefusal(cycle, "uses 'y', which nothing before it computes")
  }

  @Test func namesAreDefinedOnce() {
    expectRefusal(ONNXTestModel(nodes: [Self.relu, .node("Neg", ["x"], ["y"])]), "'y' is computed twice")
    expectRefusal(ONNXTestModel(nodes: [.node("Neg", ["x"], ["x"])], outputs: ["x"]), "'x' is computed twice")
    let twice = [ONNXMessage.data("w", [1], [1]), .data("w", [1], [2])]
    expectRefusal(ONNXTestModel(nodes: [Self.relu], initializers: twice), "initializer 'w' is defined twice")
    expectRefusal(ONNXTestModel(nodes: [Self.relu], outputs: ["y", "y"]), "output 'y' is listed twice")
    let inputs = [ONNXMessage.value("x", [2]), .value("x", [3])]
    #expect(ONNXTestModel(nodes: [Self.relu], inputs: inputs).complaints().map(\.kind) == [.invalidInput])
  }

  @Test func outputsMustBeComputed() {
    expectRefusal(ONNXTestModel(nodes: [Self.relu], outputs: ["z"]), "nothing computes the output 'z'")
    expectRefusal(ONNXTestModel(nodes: [Self.relu], outputs: []), "the model has no outputs")
  }

  @Test func anInputMayBeAnOutput() throws {
    var model = ONNXTestModel(nodes: [Self.relu])
    model.outputs = ["y", "x"]
    let results = try model.run([-1, 2, -3, 4, -5, 6])
    #expect(results.map(\.values) == [[0, 2, 0, 4, 0, 6], [-1, 2, -3, 4, -5, 6]])
  }

  @Test func strangeNamesBecomeNamesOfTheLanguage() throws {
    let model = ONNXTestModel(
      nodes: [
        .node("Relu", ["1"], ["graph"]), .node("Relu", ["graph"], ["a/b.c"]),
        .node("Add", ["a/b.c", "true"], [""]),
      ]
        + [.node("Add", ["a/b.c", "true"], ["a b c"])], inputs: [.value("1", [2])],
      outputs: ["a b c", "a/b.c"],
      initializers: [.data("true", [2], [1, 2])])
    let imported = try model.imported()
    #expect(imported.graph.outputs.map { imported.names.outside($0.name) } == ["a b c", "a/b.c"])
    #expect(try model.run([1, 2]).map(\.values) == [[2, 4], [1, 2]])
    let text = imported.graph.text
    #expect(try GraphParser.parse(SourceFile(path: "again", text: text)).graph == imported.graph)
  }

  // MARK: Inputs and attributes

  @Test func optionalInputsMayBeLeftOut() throws {
    let whole = [0.5, 1, 5, -4, 8, 0]
    let below = ONNXTestModel(
      nodes: [.node("Clip", ["x", "", "most"], ["y"])], initializers: [.data("most", [], [4])])
    #expect(try below.run(whole)[0].values == [0.5, 1, 4, -4, 4, 0])
    let neither = ONNXTestModel(nodes: [.node("Clip", ["x", "", ""], ["y"])])
    #expect(try neither.run(whole)[0].values == whole)
    let six = ONNXTestModel(
      nodes: [.node("Clip", ["x", "least", "most"], ["y"])],
      initializers: [.data("least", [], [0]), .data("most", [], [6])])
    #expect(try six.operators() == ["relu6"])
    #expect(try six.run(whole)[0].values == [0.5, 1, 5, 0, 6, 0])
    expectRefusal(
      ONNXTestModel(nodes: [.node("Add", ["x", ""], ["y"])]), "input 1 is missing")
    expectRefusal(ONNXTestModel(nodes: [.node("Add", ["", "x"], ["y"])]), "input 0 is missing")
    expectRefusal(ONNXTestModel(nodes: [.node("Relu", [], ["y"])]), "'relu' takes (x), found 0 operands")
  }

  @Test func unusedOutputsNeedNoName() throws {
    let loss = ONNXTestModel(
      nodes: [.node("SoftmaxCrossEntropyLoss", ["x", "label"], ["y", ""], .text("reduction", "none"))],
      inputs: [.value("x", [1, 2]), .value("label", [1], element: 7)])
    #expect(try abs(loss.run([0, 0], [1])[0].values[0] - 0.6931471805599453) < 1e-12)
    let extra = ONNXTestModel(nodes: [.node("Relu", ["x"], ["y", "z"])])
    expectRefusal(extra, "output 1 ('z') is not supported", kind: .unsupported)
  }

  @Test func attributesAreCheckedByTypeAndName() {
    let odd = ONNXTestModel(nodes: [.node("Relu", ["x"], ["y"], .int("speed", 3))])
    expectRefusal(odd, "attribute 'speed' is not supported", kind: .unsupported)
    let text = ONNXTestModel(nodes: [.node("LeakyRelu", ["x"], ["y"], .text("alpha", "a"))])
    expectRefusal(text, "expected a number for attribute 'alpha', found \"a\"")
    let single = ONNXTestModel(nodes: [.node("Transpose", ["x"], ["y"], .int("perm", 1))])
    expectRefusal(single, "attribute 'perm'")
  }

  @Test func theSetOfOperatorsMustBeNamed() throws {
    expectRefusal(
      ONNXTestModel(nodes: [Self.relu], opsets: []), "does not say which version of the ONNX operators")
    let other = ONNXTestModel(nodes: [Self.relu], opsets: [.opset("my", 1)])
    expectRefusal(
      other, "does not say which version of the ONNX operators it uses: node of output 'y' (Relu)")
    let alias = ONNXTestModel(nodes: [Self.relu], opsets: [.opset("ai.onnx", 21)])
    #expect(try alias.operators() == ["relu"])
    expectRefusal(ONNXTestModel(nodes: [Self.relu], opsets: [.opset("", -3)]), "does not say which version")
  }

  @Test func softmaxFlattensBeforeVersion13() throws {
    let nodes = [ONNXMessage.node("Softmax", ["x"], ["y"])]
    let inputs = [ONNXMessage.value("x", [1, 2, 2])]
    let zeros = [Double](repeating: 0, count: 4)
    let old = ONNXTestModel(nodes: nodes, inputs: inputs, opsets: [.opset("", 12)])
    #expect(try old.run(zeros)[0].values == [0.25, 0.25, 0.25, 0.25])
    let new = ONNXTestModel(nodes: nodes, inputs: inputs, opsets: [.opset("", 13)])
    #expect(try new.run(zeros)[0].values == [0.5, 0.5, 0.5, 0.5])
  }

  @Test func typesOtherThanTensorsAreRefused() {
    var sequence = ONNXMessage()
    sequence.text(1, "x")
    var type = ONNXMessage()
    type.message(4, ONNXMessage())
    sequence.message(2, type)
    expectRefusal(
      ONNXTestModel(nodes: [Self.relu], inputs: [sequence]), "a sequence is not supported", kind: .unsupported
    )
    let strings = ONNXTestModel(nodes: [Self.relu], inputs: [.value("x", [2], element: 8)])
    expectRefusal(strings, "elements of type string are not supported", kind: .unsupported)
  }
}
