import LoopIR
import SourceText
import Testing

@testable import GraphCompiler

/// An operator on small whole numbers, and what it must yield: computed elsewhere, from other definitions.
struct NumericCase: Sendable, CustomTestStringConvertible {
  let text: String
  let shape: [Int]
  let values: [Double]
  /// Multiplies the numbers of some operands.
  var scales: [Int: Double] = [:]

  init(_ text: String, _ shape: [Int], _ values: [Double], scales: [Int: Double] = [:]) {
    (self.text, self.shape, self.values, self.scales) = (text, shape, values, scales)
  }

  var testDescription: String { text }

  /// Element k of operand m is `(7 k + 5 m + 3) mod 11 - 4`.
  static func pattern(_ count: Int, operand: Int) -> [Double] {
    (0..<count).map { Double(($0 * 7 + operand * 5 + 3) % 11 - 4) }
  }

  /// The results of the operator, in order.
  func results() throws -> [TensorValues] {
    let graph = try OperatorExample(text: text).graph()
    var tensors: [String: TensorValues] = [:]
    for (place, value) in graph.inputs.enumerated() {
      let type = graph.type(of: value)
      let numbers = Self.pattern(type.count, operand: place).map { $0 * scales[place, default: 1] }
      tensors[graph[value].name] = TensorValues(shape: type.shape, values: numbers)
    }
    let outputs = try Interpreter(graph).run(tensors).outputs
    return try graph.outputs.map { try #require(outputs[$0.name]) }
  }

  func check() throws {
    let found = try results()
    #expect(found.count == 1)
    #expect(found[0].shape == shape)
    let isRight = found[0].values.count == values.count && zip(found[0].values, values).allSatisfy(isClose)
    #expect(isRight, "found \(found[0].values)")
  }
}
