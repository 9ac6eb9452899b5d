import Foundation
import Testing

@testable import GraphCompiler

/// The operator `Gradient`.
@Suite struct ONNXGradientTests {
  private static let domain = "ai.onnx.preview.training"

  private static func model(
    _ nodes: [ONNXMessage], given: [String], inputs: [ONNXMessage], xs: [String], zs: [String] = []
  ) -> ONNXTestModel {
    var model = ONNXTestModel(nodes: nodes, inputs: inputs, outputs: xs.map { "grad_\($0)" })
    model.nodes.append(
      .node(
        "Gradient", given, model.outputs, domain: domain, .texts("xs", xs), .texts("zs", zs),
        .text("y", "loss")))
    model.opsets = [.opset("", 21), .opset(domain, 1)]
    return model
  }

  private static let square: [ONNXMessage] = [
    .node("Mul", ["x", "x"], ["square"]), .node("Mul", ["square", "z"], ["scaled"]),
    .node("ReduceSum", ["scaled"], ["loss"], .int("keepdims", 0)),
  ]

  @Test func inputsTakeThePlacesOfNames() throws {
    let inputs = ["x", "z", "w"].map { ONNXMessage.value($0, [2]) }
    let same = Self.model(Self.square, given: ["x"], inputs: inputs, xs: ["x"])
    #expect(try same.run([3, 4], [1, 2], [5, 6])[0].values == [6, 16])
    let other = Self.model(Self.square, given: ["w", "x"], inputs: inputs, xs: ["x"], zs: ["z"])
    #expect(try other.run([3, 4], [1, 2], [5, 6])[0].values == [30, 48])
  }

  @Test func compositesOpen() throws {
    let nodes: [ONNXMessage] = [
      .node("Softmax", ["x"], ["p"]), .node("Mul", ["p", "z"], ["scaled"]),
      .node("ReduceSum", ["scaled"], ["loss"], .int("keepdims", 0)),
    ]
    let inputs = ["x", "z"].map { ONNXMessage.value($0, [2]) }
    let model = Self.model(nodes, given: ["x"], inputs: inputs, xs: ["x"])
    let (p, found) = (1 / (1 + exp(-1.0)), try model.run([1, 0], [2, 1])[0].values)
    #expect(abs(found[0] - p * (1 - p)) < 1e-12 && abs(found[1] + p * (1 - p)) < 1e-12)
  }

  @Test func whatTheLossDoesNotNeedHasGradientZero() throws {
    let inputs = ["x", "z", "w"].map { ONNXMessage.value($0, [2]) }
    let model = Self.model(Self.square, given: ["w"], inputs: inputs, xs: ["w"])
    #expect(try model.run([3, 4], [1, 2], [5, 6])[0].values == [0, 0])
  }

  @Test func refusals() {
    let inputs = ["x", "z"].map { ONNXMessage.value($0, [2]) }
    let vector = Self.model(
      [.node("Mul", ["x", "x"], ["loss"])], given: ["x"], inputs: inputs, xs: ["x"])
    expectRefusal(vector, "the gradient of f32[2]", kind: .unsupported)
    expectRefusal(
      Self.model(Self.square, given: [], inputs: inputs, xs: ["x"]), "expected an input for each name")
    expectRefusal(Self.model(Self.square, given: ["x"], inputs: inputs, xs: ["q"]), "names 'q'")
    let twice = Self.model(Self.square, given: ["x", "x"], inputs: inputs, xs: ["x", "z"])
    expectRefusal(twice, "the same value", kind: .unsupported)
  }
}
