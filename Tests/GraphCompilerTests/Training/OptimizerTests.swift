import Foundation
import LoopIR
import SourceText
import Testing

@testable import GraphCompiler

/// A rule of update for one number, written as PyTorch documents it.
struct UpdateCase: Sendable, CustomTestStringConvertible {
  /// A parameter, its gradient, its state of up to two numbers, the number of the step.
  typealias Rule = @Sendable (Double, Double, inout [Double], Double) -> Double

  let text: String
  let rule: Rule

  init(_ text: String, _ rule: @escaping Rule) { (self.text, self.rule) = (text, rule) }

  var testDescription: String { text }
}

@Suite struct OptimizerTests {
  static let cases: [UpdateCase] = [
    UpdateCase("sgd(rate: 0.1)") { p, g, _, _ in p - 0.1 * g },
    UpdateCase("sgd(0.1, weight_decay: 0.5)") { p, g, _, _ in p - 0.1 * (g + 0.5 * p) },
    UpdateCase("sgd(rate: 0.1, momentum: 0.9, weight_decay: 0.01)") { p, g, s, _ in
      s[0] = 0.9 * s[0] + g + 0.01 * p
      return p - 0.1 * s[0]
    },
    UpdateCase("sgd(rate: 0.1, momentum: 0.5, nesterov: true)") { p, g, s, _ in
      s[0] = 0.5 * s[0] + g
      return p - 0.1 * (g + 0.5 * s[0])
    },
    UpdateCase("rmsprop()") { p, g, s, _ in
      s[0] = 0.99 * s[0] + 0.01 * g * g
      return p - 0.01 * g / (s[0].squareRoot() + 1e-8)
    },
    UpdateCase("rmsprop(rate: 0.1, decay: 0.9, momentum: 0.5, epsilon: 0.1, weight_decay: 0.2)") {
      p, g, s, _ in
      let g = g + 0.2 * p
      s[0] = 0.9 * s[0] + 0.1 * g * g
      s[1] = 0.5 * s[1] + g / (s[0].squareRoot() + 0.1)
      return p - 0.1 * s[1]
    },
    UpdateCase("adam()") { p, g, s, t in adam(p, g, &s, t, rate: 0.001, 0.9, 0.999, 1e-8) },
    UpdateCase("adam(rate: 0.1, beta1: 0.0, beta2: 0.5, epsilon: 0.01, weight_decay: 0.1)") { p, g, s, t in
      adam(p, g + 0.1 * p, &s, t, rate: 0.1, 0, 0.5, 0.01)
    },
    UpdateCase("adamw(rate: 0.1, weight_decay: 0.2)") { p, g, s, t in
      adam(p, g, &s, t, rate: 0.1, 0.9, 0.999, 1e-8) - 0.1 * 0.2 * p
    },
    UpdateCase("adagrad(rate: 0.5, weight_decay: 0.1)") { p, g, s, _ in
      let g = g + 0.1 * p
      s[0] += g * g
      return p - 0.5 * g / (s[0].squareRoot() + 1e-10)
    },
    UpdateCase("perceptron()") { p, g, _, _ in p - g },
  ]

  @Test func everyOptimizerHasACase() {
    let covered = Set(Self.cases.map { $0.text.prefix { $0 != "(" } })
    for optimizer in OptimizerTable.all { #expect(covered.contains(optimizer.name[...])) }
    #expect(OptimizerTable.all.map { $0.name } == OptimizerTable.all.map { $0.name }.sorted())
  }

  @Test(arguments: cases) func fourStepsAgree(_ example: UpdateCase) throws {
    let optimizer = try section("with \(example.text)").optimizer()
    let graph = try updateGraph(optimizer)
    var found = [1.5, -0.25, 0.0]
    var expected = found
    var states = [[Double]](repeating: [0, 0, 0], count: optimizer.stateNames.count)
    var expectedStates = [[Double]](repeating: [0, 0], count: 3)
    for step in 1...4 {
      let gradients = [0.5, -3e-4, 2].map { $0 * Double(3 - step) }
      var inputs = [
        "p": vector(found), "g": vector(gradients), "step": .init(shape: [], values: [Double(step)]),
        "rate": .init(shape: [], values: [optimizer.rate]),
      ]
      for (place, state) in states.enumerated() { inputs["s\(place)"] = vector(state) }
      let outputs = try Interpreter(graph).run(inputs).outputs
      found = try #require(outputs["p.new"]).values
      for place in states.indices { states[place] = try #require(outputs["s\(place).new"]).values }
      for place in expected.indices {
        expected[place] = example.rule(
          expected[place], gradients[place], &expectedStates[place], Double(step))
        let error = abs(found[place] - expected[place])
        #expect(error <= 1e-12, "step \(step), element \(place): \(found[place]), not \(expected[place])")
      }
    }
  }

  @Test func withoutAnOptimizerItIsPlainDescent() throws {
    let optimizer = try section("").optimizer()
    #expect(type(of: optimizer).name == "sgd")
    #expect(optimizer.rate == 0.01 && optimizer.stateNames == [])
  }

  @Test func frozenParameters() throws {
    let section = try section("freeze y.*")
    #expect(section.isFrozen("y.weight") && section.isFrozen("y.bias"))
    #expect(!section.isFrozen("yy.weight"))
  }

  private func vector(_ values: [Double]) -> TensorValues {
    TensorValues(shape: [values.count], values: values)
  }

  private func updateGraph(_ optimizer: any Optimizer) throws -> Graph {
    var b = GraphBuilder(name: "update")
    let type = TensorType(.f64, [3])
    let (p, g) = (b.input("p", type), b.input("g", type))
    let state = optimizer.stateNames.indices.map { b.input("s\($0)", type) }
    let (rate, step) = (b.input("rate", TensorType(.f32, [])), b.input("step", TensorType(.f32, [])))
    let updated = try optimizer.update(&b, parameter: p, gradient: g, state: state, rate: rate, step: step)
    b.output("p.new", updated.parameter)
    for (place, value) in updated.state.enumerated() { b.output("s\(place).new", value) }
    let graph = b.graph
    #expect(GraphVerifier.violations(graph).isEmpty)
    return graph
  }
}

/// Adam as PyTorch documents it, with the decay of the weights left to the caller.
private func adam(
  _ p: Double, _ g: Double, _ s: inout [Double], _ t: Double, rate: Double, _ beta1: Double, _ beta2: Double,
  _ epsilon: Double
) -> Double {
  s[0] = beta1 * s[0] + (1 - beta1) * g
  s[1] = beta2 * s[1] + (1 - beta2) * g * g
  let mean = s[0] / (1 - pow(beta1, t))
  let root = (s[1] / (1 - pow(beta2, t))).squareRoot()
  return p - rate * mean / (root + epsilon)
}

/// The train section of a small network with a line more in it.
func section(_ statement: String) throws -> TrainSection {
  let text = """
    graph net {
      input x: f32[2, 3]
      output y = x -> fc(1)
      train {
        minimize reduce_sum(y, keep: false)
        \(statement)
      }
    }
    """
  return try #require(try GraphParser.parse(SourceFile(path: "net.graph", text: text)).graph.train)
}
