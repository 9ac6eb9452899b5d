import Foundation
import LoopIR
import SourceText
import Testing

@testable import GraphCompiler

/// Operators that become several of ours, against their formulas.
@Suite struct ONNXOperatorTests {
  private static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  private static func close(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-6 }
  }

  // MARK: Recurrent layers

  /// One unit, one input: every step on paper.
  private static func recurrent(
    _ type: String, w: [Float], r: [Float], steps: Int, batch: Int = 1, outputs: [String] = ["y", "h"],
    lengths: [Int]? = nil, _ attributes: ONNXMessage...
  ) -> ONNXTestModel {
    var node = ONNXMessage.node(
      type, ["x", "w", "r", "", lengths == nil ? "" : "n"], outputs, .int("hidden_size", 1))
    node.messages(5, attributes)
    var initializers = [ONNXMessage.data("w", [1, w.count, 1], w), .data("r", [1, r.count, 1], r)]
    if let lengths {
      initializers.append(
        .data("n", 6, [lengths.count]) { tensor in for length in lengths { tensor.number(5, length) } })
    }
    return ONNXTestModel(
      nodes: [node], inputs: [.value("x", [.fixed(steps), .fixed(batch), 1])],
      outputs: outputs.filter { !$0.isEmpty },
      initializers: initializers)
  }

  @Test func lstmFollowsItsFormula() throws {
    let model = Self.recurrent(
      "LSTM", w: [0.5, -1, 2, 1], r: [1, 0.5, -0.5, 2], steps: 2, outputs: ["y", "h", "c"])
    var (h, c, sequence) = (0.0, 0.0, [Double]())
    for x in [0.25, -1.5] {
      let (i, o) = (Self.sigmoid(0.5 * x + h), Self.sigmoid(-x + 0.5 * h))
      let (f, new) = (Self.sigmoid(2 * x - 0.5 * h), tanh(x + 2 * h))
      c = f * c + i * new
      h = o * tanh(c)
      sequence.append(h)
    }
    let found = try model.run([0.25, -1.5])
    #expect(found.map(\.shape) == [[2, 1, 1, 1], [1, 1, 1], [1, 1, 1]])
    #expect(Self.close(found[0].values, sequence) && Self.close(found[1].values, [h]))
    #expect(Self.close(found[2].values, [c]))
  }

  @Test(arguments: [0, 1])
  func gruFollowsItsFormula(_ isLinearFirst: Int) throws {
    let model = Self.recurrent(
      "GRU", w: [0.5, -1, 2], r: [1, 0.5, -0.5], steps: 2, outputs: ["", "h"],
      .int("linear_before_reset", isLinearFirst))
    var h = 0.0
    for x in [0.25, -1.5] {
      let (z, r) = (Self.sigmoid(0.5 * x + h), Self.sigmoid(-x + 0.5 * h))
      // With one unit and no bias the order makes no difference.
      h = (1 - z) * tanh(2 * x + r * h * -0.5) + z * h
    }
    #expect(try Self.close(model.run([0.25, -1.5])[0].values, [h]))
  }

  @Test func sequencesEndOnTheirOwn() throws {
    let steps = [1.0, 10, 2, 20, 3, 30]
    let forward = Self.recurrent(
      "RNN", w: [1], r: [0.5], steps: 3, batch: 2, lengths: [3, 1], .texts("activations", ["Relu"]))
    let ahead = try forward.run(steps)
    #expect(ahead[0].values == [1, 10, 2.5, 0, 4.25, 0] && ahead[1].values == [4.25, 10])
    let reverse = Self.recurrent(
      "RNN", w: [1], r: [0.5], steps: 3, batch: 2, lengths: [2, 3], .texts("activations", ["Relu"]),
      .text("direction", "reverse"))
    let back = try reverse.run(steps)
    #expect(back[0].values == [2, 27.5, 2, 35, 0, 30] && back[1].values == [2, 27.5])
  }

  @Test func sequencesThatAreTooLongAreRefused() throws {
    #expect(try !Self.recurrent("RNN", w: [1], r: [1], steps: 400).operators().isEmpty)
    for steps in [1000, 1 << 30] {
      expectRefusal(
        Self.recurrent("RNN", w: [1], r: [1], steps: steps), "would become more than 2000 operators",
        kind: .unsupported)
    }
    expectRefusal(Self.recurrent("RNN", w: [1], r: [1], steps: 0), "without elements", kind: .unsupported)
    expectRefusal(Self.recurrent("RNN", w: [1, 2], r: [1], steps: 2), "do not fit")
    expectRefusal(
      Self.recurrent("RNN", w: [1], r: [1], steps: 2, .texts("activations", ["Jump"])),
      "'Jump' is no activation")
  }

  // MARK: Training

  @Test func severalTensorsAreUpdatedAtOnce() throws {
    let names = ["r", "t", "a", "b", "ga", "gb", "va", "vb"]
    var inputs = [ONNXMessage.value("r", []), .value("t", [], element: 7)]
    for name in ["a", "ga", "va"] { inputs.append(.value(name, [1])) }
    for name in ["b", "gb", "vb"] { inputs.append(.value(name, [2])) }
    let domain = "ai.onnx.preview.training"
    let outputs = ["a2", "b2", "va2", "vb2"]
    let node = ONNXMessage.node(
      "Momentum", names, outputs, domain: domain, .float("alpha", 0.5), .float("beta", 2),
      .text("mode", "nesterov"),
      .float("norm_coefficient", 0.25))
    var model = ONNXTestModel(nodes: [node], inputs: inputs, outputs: outputs, opsets: [.opset(domain, 1)])
    // g = 0.25 x + gradient; v' = 0.5 v + beta g; x' = x - r (g + 0.5 v')
    let later = try model.run([0.5], [1], [4], [1], [2], [8, 0], [0, 1], [0, 4])
    #expect(later.map(\.values) == [[1.75], [6, -1.5], [5], [4, 4]])
    let first = try model.run([0.5], [0], [4], [1], [2], [8, 0], [0, 1], [0, 4])
    #expect(first.map(\.values) == [[2.25], [6.5, -1.25], [3], [2, 3]])
    model.nodes = [.node("Adam", names, ["a2"], domain: domain)]
    expectRefusal(model, "expected 4 inputs for each tensor after the first two, found 6")
  }

  // MARK: Quantized products

  @Test func integerProductsSubtractZeroPoints() throws {
    let model = ONNXTestModel(
      nodes: [.node("MatMulInteger", ["x", "w", "p", "q"], ["y"])],
      inputs: [.value("x", [2, 2], element: 2)],
      initializers: [
        .data("w", 3, [2, 1]) { $0.bytes(9, [255, 3]) }, .data("p", 2, [2]) { $0.bytes(9, [1, 2]) },
        .data("q", 3, []) { $0.bytes(9, [1]) },
      ])
    // [[0, 1], [1, 253]] * [-2, 2]
    #expect(try model.run([1, 2, 3, 255])[0].values == [2, 504])
  }

  @Test func paddingOfQuantizedImagesIsTheZeroPoint() throws {
    let model = ONNXTestModel(
      nodes: [
        .node("QLinearConv", ["x", "s", "p", "w", "s", "z", "s", "p", "b"], ["y"], .ints("pads", [1, 1]))
      ],
      inputs: [.value("x", [1, 1, 2], element: 2)],
      initializers: [
        .data("s", [], [0.5]), .data("p", 2, []) { $0.bytes(9, [10]) },
        .data("w", 3, [1, 1, 3]) { $0.bytes(9, [1, 2, 1]) },
        .data("z", 3, [1]) { $0.bytes(9, [0]) }, .data("b", 6, [1]) { $0.number(5, 3) },
      ])
    // (x - 10) = [2, -4]: sums [3 + 0, 3 - 6] = [3, -3], times 0.5: 1.5 and -1.5 round to even.
    #expect(try model.run([12, 6])[0].values == [12, 8])
  }
}
