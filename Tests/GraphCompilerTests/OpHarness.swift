import LoopIR
import Testing

@testable import GraphCompiler

/// An operand of an operator under test: its type and its elements.
struct Given: Sendable {
  var type: TensorType
  var values: [Double]

  init(_ shape: [Int], _ values: [Double], _ element: ElementType = .f64) {
    type = TensorType(element, shape)
    self.values = values
  }
}

/// The results of an operator: equations evaluated, composites through their bodies.
func results(of op: any Op, _ operands: [Given]) throws -> [TensorValues] {
  var builder = GraphBuilder(name: "test")
  let inputs = operands.enumerated().map { builder.input("in\($0.offset)", $0.element.type) }
  let outputs = try builder.apply(op, inputs)
  var values: [Value: TensorValues] = [:]
  for (input, operand) in zip(inputs, operands) {
    values[input] = TensorValues(shape: operand.type.shape, values: operand.values)
  }
  for node in builder.graph.nodes { try run(node, builder.graph, &values) }
  return outputs.compactMap { values[$0] }
}

private func run(_ node: Node, _ graph: Graph, _ values: inout [Value: TensorValues]) throws {
  func tensor(_ value: Value) -> Tensor {
    Tensor(graph[value].name, graph[value].type.element, graph[value].type.shape)
  }
  if let composite = node.op as? any CompositeOp {
    var builder = GraphBuilder(continuing: graph)
    let done = builder.graph.nodes.count
    let found = try composite.expand(&builder, node.operands)
    let body = builder.graph
    for constant in body.constants {
      guard case .constant(let data) = body[constant].source else { continue }
      values[constant] = TensorValues(shape: data.type.shape, values: data.doubles)
    }
    for node in body.nodes[done...] { try run(node, body, &values) }
    for (result, inner) in zip(node.results, found) {
      #expect(body.type(of: inner) == graph.type(of: result))
      values[result] = values[inner]
    }
  } else {
    let primitive = try #require(node.op as? any PrimitiveOp)
    let named = node.operands.reduce(into: [String: TensorValues]()) { $0[graph[$1].name] = values[$1] }
    let equations = primitive.equations(node.operands.map(tensor), node.results.map(tensor))
    for (equation, result) in zip(equations, node.results) { values[result] = evaluate(equation, named) }
  }
}

/// Equal up to rounding; infinities equal themselves, and what is not a number its like.
func isClose(_ found: Double, _ expected: Double) -> Bool {
  if found == expected || found.isNaN && expected.isNaN { return true }
  return abs(found - expected) <= 1e-12 * max(1, abs(expected))
}
