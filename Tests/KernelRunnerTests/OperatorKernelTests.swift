import KernelRunner
import Testing

@testable import GraphCompiler

/// An example of an operator, named after its text.
struct KernelExample: Sendable, CustomTestStringConvertible {
  var text: String

  var testDescription: String { text }

  static let all = OpTable.all.flatMap { op in op.examples.map { KernelExample(text: $0) } }
}

/// Every example of every operator, as generated C, against the reference interpreter.
@Suite struct OperatorKernelTests {
  @Test(arguments: KernelExample.all)
  func generatedCodeAgreesWithTheInterpreter(_ example: KernelExample) throws {
    let graph = try GraphParser.parseExample(example.text)
    let verification = try Verification(graph, build: BuildOptions(optimization: "-O1"))
    for output in verification.outputs {
      #expect(
        output.relativeError <= 1e-5,
        "\(output.name)\(output.type) at \(output.worst.position): \(output.worst.got), not \(output.worst.expected)"
      )
    }
  }
}
