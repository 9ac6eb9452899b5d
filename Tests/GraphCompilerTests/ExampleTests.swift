import LoopIR
import SourceText
import Testing

@testable import GraphCompiler

/// Every example of the table of operators: an operator has its tests by existing.
@Suite struct ExampleTests {
  static let examples = OpTable.all.flatMap { $0.examples }

  @Test(arguments: examples) func isTypedOnce(_ text: String) throws {
    let graph = try GraphParser.parseExample(text)
    let node = try #require(graph.nodes.last)
    let types = graph.types(of: node.operands)
    let again = try GraphBuilder.typed(node.op, types)
    #expect(again.op.isEqual(to: node.op), "resolving twice changes the attributes")
    #expect(again.results == graph.types(of: node.results))
  }

  @Test(arguments: examples) func printsAndParsesBack(_ text: String) throws {
    let graph = try GraphParser.parseExample(text)
    let again = try parse(graph.text).graph
    #expect(again == graph)
  }

  @Test(arguments: examples) func evaluatesToFiniteNumbers(_ text: String) throws {
    let graph = try GraphParser.parseExample(text)
    let outputs = try Interpreter(graph).run(sampleInputs(graph)).outputs
    #expect(outputs.count == graph.nodes.last?.results.count)
    for output in graph.outputs {
      let found = try #require(outputs[output.name])
      #expect(found.shape == graph.type(of: output.value).shape)
      #expect(found.values.count == graph.type(of: output.value).count)
      #expect(found.values.allSatisfy { $0.isFinite })
    }
  }

  /// A body computes what the composite says: the expanded graph yields the same numbers.
  @Test(arguments: examples) func expandsToTheSame(_ text: String) throws {
    let graph = try GraphParser.parseExample(text)
    let expanded = try expandComposites(graph)
    #expect(expanded.nodes.allSatisfy { $0.op is any PrimitiveOp })
    let inputs = sampleInputs(graph)
    let wanted = try Interpreter(graph).run(inputs).outputs
    let found = try Interpreter(expanded).run(inputs).outputs
    for output in graph.outputs {
      #expect(found[output.name]?.values == wanted[output.name]?.values)
    }
  }
}

/// Numbers for the inputs of a graph, the same on every run: positive, none like its neighbors, integers small.
func sampleInputs(_ graph: Graph) -> [String: TensorValues] {
  var inputs: [String: TensorValues] = [:]
  for value in graph.inputs {
    let type = graph.type(of: value)
    let numbers = (0..<type.count).map { place in
      let step = Double((place * 37 + inputs.count * 11) % 64)
      return type.element.isFloatingPoint ? (step + 1) / 65 : Double(Int(step) % 2)
    }
    inputs[graph[value].name] = TensorValues(shape: type.shape, values: numbers)
  }
  return inputs
}
