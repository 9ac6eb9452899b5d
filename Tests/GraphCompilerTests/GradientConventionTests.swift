import LoopIR
import Testing

@testable import GraphCompiler

/// What gradients are where there is no derivative: at ties and kinks the conventions of the field hold.
@Suite struct GradientConventionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var text: String
    var operands: [[Double]]
    /// Of the sum of all elements of the first result, by each floating-point operand.
    var gradients: [[Double]]

    init(_ text: String, _ operands: [[Double]], _ gradients: [[Double]]) {
      (self.text, self.operands, self.gradients) = (text, operands, gradients)
    }

    var testDescription: String { text }
  }

  static let around = [-1.0, 0, 2]

  static let cases: [Case] = [
    // The first of equal maxima in row-major order takes all.
    Case("maxpool(f32[1, 1, 2, 2], 2)", [[3, 3, 3, 3]], [[1, 0, 0, 0]]),
    Case("maxpool(f32[1, 1, 4], kernel: 2, stride: 1)", [[0, 0, 0, -1]], [[1, 1, 1, 0]]),
    Case("global_maxpool(f32[1, 1, 2, 2])", [[1, 5, 5, 2]], [[0, 1, 0, 0]]),
    Case("maxpool_indices(f32[1, 1, 2, 2], 2)", [[3, 4, 4, 3]], [[0, 1, 0, 0]]),
    // Reductions share evenly; a maximum of operands is shared by two.
    Case("reduce_max(f32[4])", [[2, 7, 7, 1]], [[0, 0.5, 0.5, 0]]),
    Case("reduce_min(f32[2, 2], axes: [1])", [[1, 1, 4, 3]], [[0.5, 0.5, 0, 1]]),
    Case("max(f32[3], f32[3])", [[1, 2, 3], [1, 3, 2]], [[0.5, 0, 1], [0.5, 1, 0]]),
    Case("min(f32[2], f32[2])", [[1, 2], [1, 3]], [[0.5, 1], [0.5, 0]]),
    // The product of the others, also where one is zero.
    Case("reduce_prod(f32[3])", [[0, 2, 3]], [[6, 0, 0]]),
    Case("relu(f32[3])", [around], [[0, 0, 1]]),
    Case("relu6(f32[5])", [[-1, 0, 2, 6, 7]], [[0, 0, 1, 0, 0]]),
    Case("leaky_relu(f32[3], alpha: 0.25)", [around], [[0.25, 0.25, 1]]),
    Case("prelu(f32[1, 3], f32[1])", [around, [0.25]], [[0.25, 0.25, 1], [-1]]),
    Case("elu(f32[2], alpha: 0.5)", [[0, 2]], [[0.5, 1]]),
    Case("abs(f32[3])", [around], [[-1, 0, 1]]),
    Case("clip(f32[4], min: -1, max: 2)", [[-1, 2, -2, 3]], [[1, 1, 0, 0]]),
    Case("softplus(f32[1])", [[0]], [[0.5]]),
    Case("floor(f32[3])", [around], [[0, 0, 0]]),
    Case("ceil(f32[3])", [around], [[0, 0, 0]]),
    Case("round(f32[3])", [around], [[0, 0, 0]]),
    Case("sign(f32[3])", [around], [[0, 0, 0]]),
    Case("step(f32[3])", [around], [[0, 0, 0]]),
    // A score of 0 is a mistake, so that weights of 0 learn.
    Case("perceptron_loss(f32[3], f32[3], reduction: \"sum\")", [around, [1, 1, 1]], [[-1, -1, 0], [1, 0, 0]]),
    // Only what takes part divides: two of three pixels under a window that hangs over the edge.
    Case("avgpool(f32[1, 1, 3], kernel: 2, stride: 2, ceil: true)", [[1, 2, 3]], [[0.5, 0.5, 1]]),
    Case("avgpool(f32[1, 1, 3], kernel: 2, stride: 2)", [[1, 2, 3]], [[0.5, 0.5, 0]]),
    // What is written over has no part in the result, nor has what is written outside.
    Case("scatter_elements(f32[2], i32[2], f32[2])", [[1, 2], [0, 0], [5, 6]], [[0, 1], [0, 1]]),
    Case("scatter_elements(f32[2], i32[2], f32[2])", [[1, 2], [0, 7], [5, 6]], [[0, 1], [1, 0]]),
    Case("scatter_nd(f32[2], i32[2, 1], f32[2], reduction: \"mul\")", [[2, 3], [0, 0], [0, 4]], [[0, 1], [8, 0]]),
    Case("scatter_nd(f32[2], i32[3, 1], f32[3], reduction: \"max\")", [[1, 5], [0, 0, 1], [3, 3, 5]], [[0, 1], [1, 0, 0]]),
  ]

  @Test(arguments: cases) func holds(_ example: Case) throws {
    let graph = try GraphParser.parseExample(example.text)
    var builder = GraphBuilder(continuing: graph)
    let sum = try builder.apply(ReduceSum(keep: false), graph.outputs[0].value)
    builder.output("sum", sum)
    let names = graph.inputs.filter { graph.type(of: $0).element.isFloatingPoint }.map { graph[$0].name }
    let differentiated = try builder.graph.addingGradients(of: "sum", by: names.map { ($0, "\($0).grad") })
    var tensors: [String: TensorValues] = [:]
    for (input, values) in zip(graph.inputs, example.operands) {
      tensors[graph[input].name] = TensorValues(shape: graph.type(of: input).shape, values: values)
    }
    let outputs = try Interpreter(differentiated).run(tensors).outputs
    for (name, expected) in zip(names, example.gradients) {
      let found = try #require(outputs["\(name).grad"]).values
      let agree = found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-12 }
      #expect(agree, "by \(name): \(found), not \(expected)")
    }
  }

  /// What has no gradient says so when asked.
  @Test(arguments: ["argmax(f32[2, 3])", "greater(f32[2], f32[2])", "not(bool[2])"])
  func refusals(_ text: String) throws {
    let graph = try GraphParser.parseExample(text)
    let operand = graph[graph.inputs[0]].name
    #expect(throws: (any Error).self) { try graph.addingGradients(of: "y", by: [(operand, "grad")]) }
  }
}
