import Foundation
import LoopIR
import SourceText
import Testing

@testable import GraphCompiler

/// No pass changes what a graph computes, beyond rounding.
@Suite struct PassMeaningTests {
  static func expectSameOutputs(_ before: Graph, _ after: Graph) throws {
    let inputs = OperatorExample.inputs(of: before)
    let wanted = try Interpreter(before).run(inputs).outputs
    let found = try Interpreter(after).run(inputs).outputs
    #expect(after.outputs.map(\.name) == before.outputs.map(\.name))
    for output in before.outputs {
      let (a, b) = (try #require(wanted[output.name]), try #require(found[output.name]))
      #expect(a.shape == b.shape)
      let differs = zip(a.values, b.values).contains { $0 != $1 && abs($0 - $1) > 1e-4 * max(1, abs($0)) }
      #expect(!differs, "'\(output.name)' was \(a.values), is \(b.values)")
    }
  }

  @Test(arguments: OperatorExample.all) func everyOperatorThroughThePipeline(_ example: OperatorExample)
    throws
  {
    let graph = try example.graph()
    var after = graph
    // One by one, so that the text of every result is read back.
    for pass in Pipeline.inference { after = try PassRunner.graphs.run([pass], on: after) }
    try Self.expectSameOutputs(graph, after)
  }

  static let corpus = GoldenCorpus(
    folder: URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Golden").path)

  @Test(arguments: corpus.names.filter { $0.hasSuffix(".graph") })
  func everyGoldenGraphThroughItsPasses(_ name: String) throws {
    let file = try Self.corpus.file(name)
    guard file.command.first == "opt", !file.command.contains(PassTable.lowering) else { return }
    let graph = try GraphParser.parse(SourceFile(path: name, text: file.input)).graph
    var after = graph
    for pass in file.command.compactMap(Pipeline.graphPass) { after = try PassRunner.graphs.run([pass], on: after) }
    try Self.expectSameOutputs(graph, after)
  }

  /// Equations and loops, before and after: the same numbers for the same inputs, but for weights that a pass
  /// transforms and stores in single precision, or rounds to half of it.
  @Test(arguments: corpus.names.filter { $0.hasSuffix(".program") })
  func everyGoldenProgramThroughItsPasses(_ name: String) throws {
    let file = try Self.corpus.file(name)
    let input = try Representation.parse(SourceFile(path: name, text: file.input))
    var output = input
    for pass in file.command.filter(PassTable.names.contains) { output = try PassTable.run(pass, on: output) }
    guard case .program(let before) = input, case .program(let after) = output else { return }
    let inputs = OperatorExample.inputs(of: before)
    var interpreters = (try ProgramInterpreter(before.withLoops), try ProgramInterpreter(after.withLoops))
    let (wanted, found) = (interpreters.0.run(inputs), interpreters.1.run(inputs))
    #expect(!wanted.isEmpty)
    let errors = after.buffers.compactMap { $0.transform?.expectedError } + [1e-6]
    let tolerance = after.weightElement == .f32 ? errors.max() ?? 0 : 2e-3
    for output in wanted.keys.sorted() {
      let (a, b) = (try #require(wanted[output]), try #require(found[output]))
      #expect(
        zip(a.values, b.values).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($0)) }, "'\(output)' was \(a.values), is \(b.values)")
    }
  }

  @Test func runnerTellsWhatChanged() throws {
    var b = GraphBuilder(name: "net")
    b.output("y", try b.apply(Relu(), b.input("x", TensorType(.f32, [2]))))
    var dumps: [String] = []
    let passes = [eliminateDeadNodes, groupEpilogues]
    let result = try PassRunner.graphs.run(passes, on: b.graph) { step in
      if let text = step.dump(DumpSelection(["all"]), text: \.text) { dumps.append(text) }
    }
    #expect(
      dumps == ["// after eliminate-dead-nodes (unchanged)\n", "// after group-epilogues\n\(result.text)"])
    #expect(!DumpSelection(["order-nodes"]).contains("group-epilogues"))
    #expect(DumpSelection([]) == .none)
  }
}

extension Program {
  /// With loops in the order of the equation, where a kernel has none.
  fileprivate var withLoops: Program {
    get throws {
      var program = self
      for place in kernels.indices where kernels[place].body.isEmpty {
        program.kernels[place].body = kernels[place].clearedMargins
        program.kernels[place].body += try kernels[place].equations.flatMap { try Schedule().apply(to: $0) }
      }
      return program
    }
  }
}
