import LoopIR
import Testing

@testable import GraphCompiler

@Suite struct GroupEpiloguesTests {
  /// Random graphs of pointwise work, convolutions and pooling on one shape, with values used several times.
  static func graph(seed: UInt64) throws -> Graph {
    var random = TestRandom(seed: seed)
    var b = GraphBuilder(name: "net")
    let type = TensorType(.f32, [1, 2, 3, 3])
    let weight = b.parameter("w", TensorType(.f32, [2, 2, 1, 1]), .initializer(.heNormal))
    var values = [b.input("x", type)]
    for _ in 0..<12 {
      let a = values[Int.random(in: max(0, values.count - 4)..<values.count, using: &random)]
      let c = values[Int.random(in: max(0, values.count - 4)..<values.count, using: &random)]
      switch Int.random(in: 0..<5, using: &random) {
      case 0: values.append(try b.apply(Conv(), a, weight))
      case 1: values.append(try b.apply(Relu(), a))
      case 2: values.append(try b.apply(Sub(), a, try b.apply(ReduceMax(axes: [1]), c)))
      default: values.append(try b.apply(Add(), a, c))
      }
    }
    b.output("y", values[12])
    b.output("z", values[6])
    return try eliminateDeadNodes(b.graph)
  }

  /// Every value is used twice by the next one: written into each other they would double forty times.
  @Test func expressionsStaySmallWhereValuesAreUsedTwice() throws {
    var b = GraphBuilder(name: "net")
    var value = b.input("x", TensorType(.f32, [8]))
    for _ in 0..<40 { value = try b.apply(Add(), value, value) }
    b.output("y", value)
    let units = StorageModel(try groupEpilogues(b.graph)).units
    #expect(units.allSatisfy { $0.count <= 8 })
  }

  @Test(arguments: 0..<60) func lawsOfAGroup(_ seed: UInt64) throws {
    let graph = try groupEpilogues(try Self.graph(seed: seed))
    #expect(GraphVerifier.violations(graph) == [])
    let uses = ValueUses(graph)
    for nodes in StorageModel(graph).units {
      let classes = nodes.map { graph.equations(of: graph.nodes[$0])[0].equationClass }
      #expect(classes.dropFirst().allSatisfy { $0 == .pointwise })
      let shapes = nodes.map { graph.type(of: graph.nodes[$0].results[0]).shape }
      #expect(shapes.allSatisfy { $0 == shapes[0] })
      for node in nodes.dropLast() {
        let value = graph.nodes[node].results[0]
        #expect(!uses.escapes(value))
        #expect(uses.nodes(of: value).allSatisfy(nodes.contains))
      }
    }
  }

  /// Grouped, ordered, lowered, scheduled and planned, a graph still computes the same.
  @Test(arguments: 0..<20) func meaningStays(_ seed: UInt64) throws {
    let graph = try Self.graph(seed: seed)
    let x = TensorValues(shape: [1, 2, 3, 3], values: (0..<18).map { Double($0) / 7 - 1 })
    let expected = try Interpreter(graph).run(["x": x]).outputs
    var program = ProgramInterpreter(try Compilation(graph).program)
    let found = program.run(["x": x])
    for name in ["y", "z"] {
      let (a, b) = (try #require(expected[name]?.values), try #require(found[name]?.values))
      #expect(zip(a, b).allSatisfy { abs($0 - $1) <= 1e-9 * max(1, abs($0)) }, "\(name): \(a) became \(b)")
    }
  }
}
