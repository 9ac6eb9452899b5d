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

/// The results of a graph of one operator, as the interpreter computes them.
func results(of op: any Op, _ operands: [Given]) throws -> [TensorValues] {
  var builder = GraphBuilder(name: "test")
  var inputs: [Value] = []
  var tensors: [String: TensorValues] = [:]
  for (place, operand) in operands.enumerated() {
    inputs.append(builder.input("in\(place)", operand.type))
    tensors["in\(place)"] = TensorValues(shape: operand.type.shape, values: operand.values)
  }
  let outputs = try builder.apply(op, inputs)
  for (place, value) in outputs.enumerated() { builder.output("out\(place)", value) }
  let found = try Interpreter(builder.graph).run(tensors).outputs
  return try outputs.indices.map { try #require(found["out\($0)"]) }
}

/// Equal up to rounding; infinities equal themselves, and what is not a number its like.
func isClose(_ found: Double, _ expected: Double) -> Bool {
  if found == expected || found.isNaN && expected.isNaN { return true }
  return abs(found - expected) <= 1e-12 * max(1, abs(expected))
}
