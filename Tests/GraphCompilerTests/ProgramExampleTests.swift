import LoopIR
import SourceText
import Testing

@testable import GraphCompiler

/// Every example of every operator through the whole compiler: program and kernels are sound, read back as
/// printed, and compute what the graph means, to the precision of doubles.
@Suite struct ProgramExampleTests {
  @Test(arguments: OperatorExample.all) func computesWhatTheGraphMeans(_ example: OperatorExample) throws {
    try check(try example.graph())
  }

  @Test(arguments: [
    """
    graph residual {
      input x: f32[2, 3, 9, 10]
      x -> a: conv(16, kernel: 3, pad: 1, stride: 2) -> batch_norm(epsilon: 3) -> relu -> b: conv(16, kernel: 3, pad: 1)
      pooled = relu(a + b) -> maxpool(3, stride: 2, pad: 1, ceil: true)
      y = pooled -> conv(5, kernel: 1) -> flatten -> fc(20) -> softmax
      output y
    }
    """,
    """
    graph branches {
      input x: f32[1, 8, 7, 7]
      a = x -> conv(24, kernel: 1)
      b = x -> conv(16, kernel: 3, pad: 1, groups: 2) -> sigmoid
      c = x -> conv(8, kernel: [5, 1], pad: [2, 0], groups: 8) * 2
      output y = concat(a, b, c) -> lrn -> global_avgpool
    }
    """,
  ])
  func networks(_ text: String) throws {
    try check(try parse(text).graph)
  }

  private func check(_ graph: Graph) throws {
    let program = try Compilation(graph).program
    #expect(ProgramVerifier.violations(program) == [])
    try expectReadsBack(program)
    for kernel in program.kernels {
      do throws(CompileError) {
        let read = try LoopParser.kernels(SourceFile(path: "printed", text: kernel.description))
        #expect(read == [kernel], "\(kernel)")
      } catch {
        Issue.record("\(DiagnosticRenderer().render(error.diagnostics))")
      }
    }
    let inputs = OperatorExample.inputs(of: graph)
    let wanted = try Interpreter(graph).run(inputs).outputs
    var interpreter = ProgramInterpreter(program)
    let found = interpreter.run(inputs)
    for output in graph.outputs {
      let (a, b) = (try #require(found[output.name]), try #require(wanted[output.name]))
      #expect(a.count == b.count)
      let differences = zip(a.values, b.values).filter { !isClose($0, $1) }
      #expect(differences.isEmpty, "\(output.name): \(differences.count) differ, \(differences.prefix(3))")
    }
  }
}
