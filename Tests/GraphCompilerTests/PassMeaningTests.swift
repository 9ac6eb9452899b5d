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
    try Self.expectSameOutputs(graph, try PassRunner.graphs.run(Pipeline.inference, on: graph))
  }

  static let corpus = GoldenCorpus(
    folder: URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Golden").path)

  @Test(arguments: corpus.names) func everyGoldenGraphThroughItsPasses(_ name: String) throws {
    let file = try Self.corpus.file(name)
    guard file.command.first == "opt" else { return }
    let graph = try GraphParser.parse(SourceFile(path: name, text: file.input)).graph
    var after = graph
    for pass in file.command.compactMap(Pipeline.graphPass) { after = try pass(after) }
    try Self.expectSameOutputs(graph, after)
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
