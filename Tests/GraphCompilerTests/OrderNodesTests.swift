import LoopIR
import Testing

@testable import GraphCompiler

@Suite struct OrderNodesTests {
  /// A graph of sums of vectors of random sizes; every node reads one or two values made before.
  static func graph(seed: UInt64, count: Int) throws -> Graph {
    var random = TestRandom(seed: seed)
    var b = GraphBuilder(name: "net")
    var values = [b.input("x", TensorType(.f32, [1]))]
    for _ in 0..<count {
      let operands = (0..<Int.random(in: 1...2, using: &random)).map { _ in
        values[Int.random(in: values.indices, using: &random)]
      }
      var sum = try b.apply(ReduceSum(axes: [0]), operands[0])
      if operands.count == 2 { sum = try b.apply(Add(), sum, try b.apply(ReduceSum(axes: [0]), operands[1])) }
      values.append(try b.apply(Expand(shape: [Int.random(in: 1...50, using: &random)]), sum))
    }
    b.output("y", try b.apply(ReduceSum(axes: [0]), values[count]))
    return try eliminateDeadNodes(b.graph)
  }

  static func peak(_ graph: Graph) -> Int {
    let model = StorageModel(graph)
    return model.peak(of: Array(model.units.indices))
  }

  @Test(arguments: 0..<30) func neverWorseAndStillInOrder(_ seed: UInt64) throws {
    let graph = try Self.graph(seed: seed, count: 12)
    let ordered = try orderNodes(graph)
    #expect(GraphVerifier.violations(ordered).isEmpty)
    #expect(Self.peak(ordered) <= Self.peak(graph))
    #expect(ordered.nodes.count == graph.nodes.count)
    #expect(try orderNodes(graph) == ordered)
    #expect(try orderNodes(ordered) == ordered)
  }

  /// Layers, the way back through them, and behind it what else is made of the gradients. With thirty values that could
  /// be computed at any time there are too many orders for a search.
  @Test func whatFreesMemoryRunsEarlyInLongGraphs() throws {
    var b = GraphBuilder(name: "net")
    let widths = (0..<600).map { 100 + $0 * 37 % 83 }
    var layers = [b.input("x", TensorType(.f32, [1]))]
    let early = try (0..<30).map { _ in try b.apply(Expand(shape: [8]), layers[0]) }
    for width in widths {
      layers.append(try b.apply(Expand(shape: [width]), try b.apply(ReduceSum(axes: [0]), layers[layers.count - 1])))
    }
    var gradients: [Value] = []
    for (layer, width) in zip(layers.dropFirst(), widths).reversed() {
      let seed = try b.apply(ReduceSum(axes: [0]), gradients.last ?? layer)
      gradients.append(try b.apply(Expand(shape: [width + 1]), seed))
    }
    for (layer, gradient) in zip(layers.dropFirst().reversed(), gradients) {
      let sums = try [layer, gradient].map { value in try b.apply(ReduceSum(axes: [0]), value) }
      b.output(b.freshName("y"), try b.apply(Mul(), sums[0], sums[1]))
    }
    for value in early { b.output(b.freshName("y"), try b.apply(ReduceSum(axes: [0]), value)) }
    let bytes = widths.reduce(0) { $0 + 4 * $1 }
    #expect(Self.peak(b.graph) > 2 * bytes)
    #expect(Self.peak(try orderNodes(b.graph)) < bytes + bytes / 100)
  }

  /// The lowest peak of all orders.
  static func optimum(_ model: StorageModel, _ done: [Int] = []) -> Int {
    if done.count == model.units.count { return model.peak(of: done) }
    let ready = model.units.indices.filter { unit in
      !done.contains(unit) && model.producers[unit].allSatisfy(done.contains)
    }
    return ready.map { optimum(model, done + [$0]) }.min() ?? 0
  }

  @Test(arguments: 0..<20) func smallGraphsAreSolvedExactly(_ seed: UInt64) throws {
    let graph = try Self.graph(seed: 100 + seed, count: 4)
    #expect(Self.peak(try orderNodes(graph)) == Self.optimum(StorageModel(graph)))
  }
}
