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
