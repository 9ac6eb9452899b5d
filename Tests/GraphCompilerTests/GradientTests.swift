import LoopIR
import SourceText
import Testing

@testable import GraphCompiler

/// The gradient of every differentiable operator, in every example, against finite differences in double precision.
@Suite struct GradientTests {
  static let differentiable = OperatorExample.all.filter { example in
    guard let graph = try? GraphParser.parseExample(example.text), let node = graph.nodes.first else { return false }
    let hasFloatOperand = node.operands.contains { graph.type(of: $0).element.isFloatingPoint }
    return hasFloatOperand && node.results.contains { graph.type(of: $0).element.isFloatingPoint }
      && graph.types(of: node.operands).allSatisfy { $0.count > 0 }
  }

  @Test(arguments: differentiable)
  func agreesWithFiniteDifferences(_ example: OperatorExample) throws {
    let graph = try GraphParser.parseExample(example.text).lossGraph()
    // Once, not in every run.
    let expanded = try expandComposites(graph)
    let code = InterpreterCode()
    let loss = graph.outputs[0].name
    let wanted = graph.inputs.filter { graph.type(of: $0).element.isFloatingPoint }.map { graph[$0].name }
    let differentiated = try graph.addingGradients(of: loss, by: wanted.map { ($0, "\($0).grad") })
    #expect(GraphVerifier.violations(differentiated).isEmpty)
    var (checked, skipped) = (0, 0)
    for seed in 1...2 {
      let point = inputs(graph, seed: UInt64(seed))
      let outputs = try Interpreter(differentiated).run(point).outputs
      for name in wanted {
        let gradient = try #require(outputs["\(name).grad"])
        for place in places(gradient.values.count) {
          guard let slope = try slope(expanded, code, point, name, place) else {
            skipped += 1
            continue
          }
          checked += 1
          let error = abs(gradient.values[place] - slope) / max(1, abs(slope))
          #expect(error <= 1e-6, "\(name)[\(place)]: \(gradient.values[place]), differences give \(slope)")
        }
      }
    }
    #expect(checked >= skipped, "too many kinks: \(checked) elements checked, \(skipped) skipped")
  }

  /// The first seed is positive everywhere, for functions such as the logarithm.
  private func inputs(_ graph: Graph, seed: UInt64) -> [String: TensorValues] {
    var inputs: [String: TensorValues] = [:]
    for value in graph.inputs {
      let info = graph[value]
      let initializer: Initializer =
        info.type.element.isFloatingPoint
        ? (seed == 1 ? .uniform(low: 0.1, high: 0.9) : .normal(mean: 0, deviation: 1)) : .uniform(low: 0, high: 2)
      if graph.nodes[0].op is MaxUnpool, !info.type.element.isFloatingPoint {
        // Where two elements go to one place, the later one counts: that is no function to differentiate.
        inputs[info.name] = TensorValues(shape: info.type.shape, values: (0..<info.type.count).map(Double.init))
        continue
      }
      inputs[info.name] = TensorValues(initializer.sample(info.type, name: info.name, seed: seed))
    }
    return inputs
  }

  /// At most six elements of a tensor, spread over it.
  private func places(_ count: Int) -> [Int] {
    count <= 6 ? Array(0..<count) : (0..<6).map { $0 * count / 6 + ($0 * 7) % (count / 6) }
  }

  /// The derivative from five points; nil at a kink, where another step width says otherwise.
  private func slope(
    _ graph: Graph, _ code: InterpreterCode, _ point: [String: TensorValues], _ name: String, _ place: Int
  ) throws -> Double? {
    func loss(_ offset: Double) throws -> Double {
      var moved = point
      moved[name]?.values[place] += offset
      return try Interpreter(graph).run(moved, code: code).outputs.values.first?.values[0] ?? .nan
    }
    // From one, two and four steps.
    let step = 1e-3
    let changes = try [step, 2 * step, 4 * step].map { try loss($0) - loss(-$0) }
    let fine = (8 * changes[0] - changes[1]) / (12 * step)
    let coarse = (8 * changes[1] - changes[2]) / (24 * step)
    guard fine.isFinite, abs(coarse - fine) <= 3e-7 * max(1, abs(fine)) else { return nil }
    return fine
  }
}
