import LoopIR
import SourceText
import Testing

@testable import GraphCompiler

@Suite struct InterpreterTests {
  /// y = softmax(relu(x + b)), with a train section that sums y - t.
  static func graph() throws -> Graph {
    var b = GraphBuilder(name: "net")
    let x = b.input("x", TensorType(.f32, [1, 3]))
    let bias = b.parameter(
      "b", TensorType(.f32, [3]), .data(TensorData(TensorType(.f32, [3]), doubles: [1, 2, -5])))
    let sum = try b.apply(Add(), x, bias, name: "sum")
    let positive = try b.apply(Relu(), sum, name: "positive")
    let y = try b.apply(Softmax(), positive, name: "y")
    b.output("scores", y)
    b.beginTrainSection()
    let t = b.input("t", TensorType(.f32, [1, 3]))
    let difference = try b.apply(Sub(), y, t)
    let loss = try b.apply(ReduceSum(axes: [0, 1], keep: false), difference, name: "loss")
    b.updateTrainSection { $0.loss = loss }
    return b.graph
  }

  static let x = TensorValues(shape: [1, 3], values: [0, -4, 6])

  @Test func outputsAndIntermediates() throws {
    let results = try Interpreter(try Self.graph()).run(["x": Self.x], valuesOf: ["sum", "positive", "b"])
    #expect(results.values["sum"]?.values == [1, -2, 1])
    #expect(results.values["positive"]?.values == [1, 0, 1])
    #expect(results.values["b"]?.values == [1, 2, -5])
    let scores = try #require(results.outputs["scores"])
    let e = 2.718281828459045
    for (found, wanted) in zip(scores.values, [e / (2 * e + 1), 1 / (2 * e + 1), e / (2 * e + 1)]) {
      #expect(abs(found - wanted) < 1e-15)
    }
    #expect(results.loss == nil)
  }

  @Test func lossOfTheTrainSection() throws {
    let t = TensorValues(shape: [1, 3], values: [0.5, 1, 1.5])
    let results = try Interpreter(try Self.graph()).run(["x": Self.x, "t": t], includingLoss: true)
    let loss = try #require(results.loss)
    #expect(loss.shape == [])
    #expect(abs(loss.values[0] + 2) < 1e-15)
  }

  @Test func givenParametersReplaceTheirOwn() throws {
    let zeros = TensorValues(shape: [3], repeating: 0)
    let results = try Interpreter(try Self.graph()).run(["x": Self.x, "b": zeros], valuesOf: ["sum"])
    #expect(results.values["sum"]?.values == [0, -4, 6])
  }

  @Test func initializersAreSampled() throws {
    var b = GraphBuilder(name: "net")
    let w = b.parameter("w", TensorType(.f32, [4]), .initializer(.heNormal))
    b.output("y", try b.apply(Relu(), w))
    let sampled = Initializer.heNormal.sample(TensorType(.f32, [4]), name: "w", seed: 9).doubles
    #expect(try Interpreter(b.graph, seed: 9).run([:]).outputs["y"]?.values == sampled.map { max($0, 0) })
  }

  @Test(arguments: [
    ([:], [], false, "no values are given for input 'x'"),
    (["x": TensorValues(shape: [3], repeating: 0)], [], false, "expected f32[1, 3] for 'x', found shape [3]"),
    (["x": x], ["sums"], false, "no value is named 'sums'"),
    (["x": x], [], true, "no values are given for input 't'"),
    (["x": x], ["loss"], false, "'loss' belongs to the train section"),
  ])
  func mistakes(
    _ tensors: [String: TensorValues], _ names: [String], _ includingLoss: Bool, _ message: String
  ) throws {
    let interpreter = Interpreter(try Self.graph())
    var found: [String] = []
    do throws(CompileError) {
      _ = try interpreter.run(tensors, valuesOf: names, includingLoss: includingLoss)
    } catch {
      found = error.diagnostics.map(\.message)
    }
    #expect(found == [message])
  }
}
