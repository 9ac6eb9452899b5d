import LoopIR
import Testing

@testable import GraphCompiler

@Suite struct GradientClippingTests {
  private func clipped(_ text: String, _ gradients: [[Double]]) throws -> [[Double]] {
    let clipping = try #require(try section(text).clipping())
    var b = GraphBuilder(name: "clip")
    var tensors: [String: TensorValues] = [:]
    var inputs: [Value] = []
    for (place, values) in gradients.enumerated() {
      // The first one is of another type than the others.
      inputs.append(b.input("g\(place)", TensorType(place == 0 ? .f64 : .f32, [values.count])))
      tensors["g\(place)"] = TensorValues(shape: [values.count], values: values)
    }
    for (place, value) in try clipping.apply(&b, inputs).enumerated() { b.output("c\(place)", value) }
    #expect(GraphVerifier.violations(b.graph).isEmpty)
    let outputs = try Interpreter(b.graph).run(tensors).outputs
    return try gradients.indices.map { try #require(outputs["c\($0)"]).values }
  }

  @Test func normIsThatOfAllGradients() throws {
    let found = try clipped("clip norm(2.6)", [[3, 0], [-4, 12]]).flatMap { $0 }
    for (found, whole) in zip(found, [3.0, 0, -4, 12]) { #expect(abs(found - whole * 0.2) <= 1e-6) }
    #expect(try clipped("clip norm(14)", [[3, 0], [-4, 12]]) == [[3, 0], [-4, 12]])
  }

  @Test func valuesAreLimitedOneByOne() throws {
    #expect(try clipped("clip value(0.5)", [[3, 0.25], [-4]]) == [[0.5, 0.25], [-0.5]])
  }

  @Test func noneUnlessStated() throws {
    #expect(try section("").clipping() == nil)
  }
}
