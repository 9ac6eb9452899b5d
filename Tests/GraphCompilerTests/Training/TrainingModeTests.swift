import LoopIR
import SourceText
import Testing

@testable import GraphCompiler

@Suite struct TrainingModeTests {
  private func parsed(_ text: String) throws -> Graph {
    try GraphParser.parse(SourceFile(path: "net.graph", text: text)).graph
  }

  private func net(_ layers: String, _ extra: String = "") throws -> Graph {
    try parsed(
      """
      graph net {
        input x: f32[4, 3, 2, 5]
        \(layers)
        output y
        train {
          minimize reduce_mean(y^2, keep: false)
          \(extra)
        }
      }
      """)
  }

  private let x = TensorValues(
    Initializer.normal(mean: 3, deviation: 2).sample(TensorType(.f64, [4, 3, 2, 5]), name: "x"))

  @Test func batchNormTakesStatisticsOfTheBatch() throws {
    let network = try net("y = batch_norm(x, momentum: 0.25)")
    let (graph, updates) = try trainingMode(network, seed: 0)
    #expect(GraphVerifier.violations(graph).isEmpty)
    #expect(updates.map { graph[$0.parameter].name } == ["y.mean", "y.variance"])
    let names = updates.map { graph[$0.value].name }
    let scale = TensorValues(shape: [3], values: [1, 2, -1])
    let results = try Interpreter(graph).run(["x": x, "y.scale": scale], valuesOf: names)
    let y = try #require(results.outputs["y"])
    for channel in 0..<3 {
      let places = x.values.indices.filter { $0 / 10 % 3 == channel }
      let mean = places.reduce(0) { $0 + x.values[$1] } / 40
      let squares = places.reduce(0) { $0 + (x.values[$1] - mean) * (x.values[$1] - mean) }
      for place in places {
        let normal = (x.values[place] - mean) / (squares / 40 + 1e-5).squareRoot()
        #expect(isClose(y.values[place], normal * scale.values[channel]))
      }
      let (newMean, newVariance) = (results.values[names[0]], results.values[names[1]])
      #expect(isClose(try #require(newMean).values[channel], 0.25 * mean))
      // The factor 0.25 * 40 / 39 is a constant in single precision.
      let variance = try #require(newVariance).values[channel]
      #expect(abs(variance - (0.75 + 0.25 * squares / 39)) <= 1e-6)
    }
  }

  @Test func sharedStatisticsMoveTwice() throws {
    let layers = """
      a = batch_norm(x)
      y = batch_norm(a, a.scale, a.bias, a.mean, a.variance)
      """
    let (graph, updates) = try trainingMode(net(layers), seed: 0)
    #expect(updates.map { graph[$0.parameter].name } == ["a.mean", "a.variance"])
    let second = graph.nodes[1]
    #expect(second.operands[3] == graph.nodes[0].results[1])
    #expect(updates.map(\.value) == Array(second.results[1...]))
  }

  @Test func frozenStatisticsAreThoseOfTheTrainedNetwork() throws {
    let network = try net("y = batch_norm(x)", "freeze y.*")
    let (graph, updates) = try trainingMode(network, seed: 0)
    #expect(updates.isEmpty && graph == network)
  }

  @Test func oneNumberAChannelIsNoBatch() throws {
    let network = try parsed(
      "graph net {\ninput x: f32[1, 3]\noutput y = batch_norm(x)\ntrain {\nminimize reduce_sum(y, keep: false)\n}\n}"
    )
    #expect(throws: CompileError.self) { try trainingMode(network, seed: 0) }
  }

  @Test func dropoutIsCountedByStepAndElement() throws {
    let network = try net("y = dropout(x, rate: 0.3)")
    let seed: UInt64 = 0x9876_5432_1234_5678
    let (graph, updates) = try trainingMode(network, seed: seed)
    #expect(updates.isEmpty && GraphVerifier.violations(graph).isEmpty)
    let stream = RandomStream(seed: seed, name: "y")
    for step in [0, 1, 70_000] {
      let inputs = ["x": x, "step": TensorValues(shape: [], values: [Double(step)])]
      let y = try #require(try Interpreter(graph).run(inputs).outputs["y"]).values
      for place in y.indices {
        let block = place + step << 32
        let word = stream.blocks(block / 8).a[block % 8]
        let isDropped = Double(word) < (0.3 * 0x1p32).rounded()
        #expect(isClose(y[place], isDropped ? 0 : x.values[place] / 0.7))
      }
    }
  }

  @Test func dropoutsDrawApartAndDropTheirShare() throws {
    let (graph, _) = try trainingMode(
      net("a = dropout(x, rate: 0.5)\nb = dropout(x, rate: 0.5)\ny = a + b"), seed: 1)
    let ones = TensorValues(shape: [4, 3, 2, 5], values: Array(repeating: 1, count: 120))
    var counts: [Double: Int] = [:]
    for step in 0..<20 {
      let inputs = ["x": ones, "step": TensorValues(shape: [], values: [Double(step)])]
      for value in try #require(try Interpreter(graph).run(inputs).outputs["y"]).values {
        counts[value, default: 0] += 1
      }
    }
    // Binomial: 600, 1200, 600 of 2400, four standard deviations are 85 and 98.
    #expect(Set(counts.keys) == [0, 2, 4])
    #expect((515...685).contains(counts[0] ?? 0) && (515...685).contains(counts[4] ?? 0))
  }

  @Test func withoutARateNothingIsDropped() throws {
    let network = try net("y = dropout(x, rate: 0)")
    #expect(try trainingMode(network, seed: 0).graph == network)
  }
}
