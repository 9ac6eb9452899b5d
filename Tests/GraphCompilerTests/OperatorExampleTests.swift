import LoopIR
import SourceText
import Testing

@testable import GraphCompiler

/// Every example of every operator: it reads back as printed, and evaluates to numbers of its type.
@Suite struct OperatorExampleTests {
  @Test(arguments: OperatorExample.all) func readsBackAndEvaluates(_ example: OperatorExample) throws {
    let graph = try example.graph()
    let printed = try reparsed(graph)
    #expect(printed == graph, "printed as\n\(graph.text)")

    let results = try Interpreter(graph).run(OperatorExample.inputs(of: graph))
    #expect(!graph.outputs.isEmpty)
    for output in graph.outputs {
      let type = graph.type(of: output.value)
      let values = try #require(results.outputs[output.name])
      #expect(values.shape == type.shape)
      let strange = values.values.filter { !type.element.holds($0) }
      #expect(strange.isEmpty, "not a number of type \(type)")
    }
  }

  @Test(arguments: OperatorExample.all) func isTypedOnce(_ example: OperatorExample) throws {
    let graph = try example.graph()
    let node = try #require(graph.nodes.last)
    let again = try GraphBuilder.typed(node.op, graph.types(of: node.operands))
    #expect(again.op.isEqual(to: node.op), "resolving twice changes the attributes")
    #expect(again.results == graph.types(of: node.results))
  }

  /// The equations of an operator are well formed, and read back as printed.
  @Test(arguments: OperatorExample.all) func equationsAreSound(_ example: OperatorExample) throws {
    let graph = try expandComposites(try example.graph())
    for node in graph.nodes {
      let op = try #require(node.op as? any PrimitiveOp)
      func tensor(_ kind: String, _ value: (offset: Int, element: Value)) -> Tensor {
        let type = graph.type(of: value.element)
        return Tensor("\(kind)\(value.offset)", type.element, type.shape)
      }
      let operands = node.operands.enumerated().map { tensor("x", $0) }
      let results = node.results.enumerated().map { tensor("y", $0) }
      let equations = op.equations(operands, results)
      let parameters =
        operands.map { Kernel.Parameter($0, layout: .plain(rank: $0.rank), role: .read) }
        + results.map { Kernel.Parameter($0, layout: .plain(rank: $0.rank), role: .write) }
      let kernel = Kernel(
        name: "k", parameters: parameters, equations: equations, schedule: Schedule(), body: [])
      #expect(LoopVerifier.violations(of: kernel) == [])
      let text = SourceFile(path: "printed", text: kernel.description)
      do throws(CompileError) {
        #expect(try LoopParser.kernels(text) == [kernel])
      } catch {
        Issue.record("\(DiagnosticRenderer().render(error.diagnostics))")
      }
    }
  }

  /// A composite and its body compute the same numbers, down to the primitives.
  @Test(arguments: OperatorExample.all) func expandsToTheSame(_ example: OperatorExample) throws {
    let graph = try example.graph()
    let expanded = try expandComposites(graph)
    #expect(expanded.nodes.allSatisfy { $0.op is any PrimitiveOp })
    let inputs = OperatorExample.inputs(of: graph)
    let wanted = try Interpreter(graph).run(inputs).outputs
    let found = try Interpreter(expanded).run(inputs).outputs
    for output in graph.outputs {
      #expect(found[output.name]?.values == wanted[output.name]?.values)
    }
  }

  private func reparsed(_ graph: Graph) throws -> Graph {
    var options = GraphParser.Options()
    options.blobs = graph.blobs
    do throws(CompileError) {
      return try GraphParser.parse(SourceFile(path: "printed", text: graph.text), options: options).graph
    } catch {
      Issue.record("\(DiagnosticRenderer().render(error.diagnostics))\n\(graph.text)")
      throw error
    }
  }
}

extension ElementType {
  /// Finite, and for integer types whole and in range.
  fileprivate func holds(_ number: Double) -> Bool {
    guard let bounds = integerBounds else { return number.isFinite }
    return bounds.contains(number) && number == number.rounded()
  }
}

/// An example of the table, shown by its text where it fails.
struct OperatorExample: Sendable, CustomTestStringConvertible {
  let text: String

  static let all = OpTable.all.flatMap { $0.examples.map(OperatorExample.init) }

  var testDescription: String { text }

  func graph() throws -> Graph {
    do throws(CompileError) {
      return try GraphParser.parseExample(text)
    } catch {
      Issue.record("\(DiagnosticRenderer().render(error.diagnostics))")
      throw error
    }
  }

  /// Numbers that every operator takes: fractions between 0 and 1, which may be probabilities, and integers 0
  /// and 1, which may be positions.
  static func inputs(of graph: Graph) -> [String: TensorValues] {
    inputs(graph.inputs.map { (graph[$0].name, graph.type(of: $0)) })
  }

  static func inputs(of program: Program) -> [String: TensorValues] {
    inputs(program.buffers.filter { $0.role == .input }.map { ($0.name, $0.type) })
  }

  private static func inputs(_ types: [(name: String, type: TensorType)]) -> [String: TensorValues] {
    var inputs: [String: TensorValues] = [:]
    for (name, type) in types {
      let stream = RandomStream(seed: 0, name: name)
      let fractions: [Double] = stream.numbers(type.count, .uniform(low: 0.05, high: 0.95))
      let values = type.element.isFloatingPoint ? fractions : fractions.map { $0.rounded() }
      inputs[name] = TensorValues(shape: type.shape, values: values)
    }
    return inputs
  }
}
