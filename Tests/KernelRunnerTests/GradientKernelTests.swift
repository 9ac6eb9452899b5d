import KernelRunner
import LoopIR
import SourceText
import Testing

@testable import GraphCompiler

/// The gradients of every example of every operator, as generated C, against the reference interpreter.
@Suite struct GradientKernelTests {
  static let differentiable = KernelExample.all.filter { example in
    guard let graph = try? GraphParser.parseExample(example.text), let node = graph.nodes.first else { return false }
    return node.operands.contains { graph.type(of: $0).element.isFloatingPoint }
      && node.results.contains { graph.type(of: $0).element.isFloatingPoint }
      && graph.types(of: node.operands).allSatisfy { $0.count > 0 }
  }

  /// The text means the program, or is beyond what the parser takes from a user.
  private func expectReadsBack(_ program: Program) {
    do throws(CompileError) {
      let again = try ProgramParser.parse(SourceFile(path: "printed", text: program.text), blobs: program.blobs)
      #expect(again == program)
    } catch {
      #expect(Set(error.diagnostics.map(\.id)).isSubset(of: ["nested-too-deeply", "expression-too-long"]), "\(error)")
    }
  }

  @Test(arguments: differentiable)
  func generatedGradientsAgreeWithTheInterpreter(_ example: KernelExample) throws {
    let graph = try GraphParser.parseExample(example.text).lossGraph()
    let wanted = graph.inputs.filter { graph.type(of: $0).element.isFloatingPoint }.map { graph[$0].name }
    let differentiated = try graph.addingGradients(
      of: graph.outputs[0].name, by: wanted.map { (name: $0, output: "\($0).grad") })
    let verification = try Verification(differentiated, build: BuildOptions(optimization: "-O0"))
    expectReadsBack(verification.program)
    #expect(verification.outputs.count == wanted.count + 1)
    for output in verification.outputs {
      let text = "\(output.name)\(output.type) at \(output.worst.position)"
      #expect(output.relativeError <= 1e-4, "\(text): \(output.worst.got), not \(output.worst.expected)")
    }
  }
}

/// `graphc verify --gradients`, on the small networks.
@Suite struct GradientVerificationTests {
  @Test(arguments: ["lenet5.graph", "mlp_3_2_2.graph", "xor_mlp.graph", "xyz_product.graph", "signal1d.graph"])
  func networksOfTheRepository(_ file: String) throws {
    let verification = try GradientVerification(
      RepositoryGraphs.parse(file), samples: 2, build: BuildOptions(optimization: "-O0"))
    #expect(!verification.tensors.isEmpty)
    for tensor in verification.tensors {
      #expect(tensor.comparedCount > 0, "\(tensor.output.name) has kinks only")
      #expect(tensor.output.relativeError <= 1e-4, "\(tensor.output)")
    }
  }

  /// Normalization and dropout as in training, where the statistics depend on all samples.
  @Test func trainingFormsOfLayers() throws {
    let text = """
      graph net {
        input x: f32[4, 2, 5, 5]
        output y = x -> conv(3, kernel: 3) -> batch_norm -> relu -> dropout(rate: 0.4) -> flatten -> fc(3)
        train {
          input label: i32[4]
          minimize cross_entropy(y, label)
        }
      }
      """
    let graph = try GraphParser.parse(SourceFile(path: "net.graph", text: text)).graph
    let verification = try GradientVerification(graph, build: BuildOptions(optimization: "-O1"))
    #expect(verification.tensors.map(\.output.name).contains("batch_norm1.scale"))
    #expect(!verification.tensors.map(\.output.name).contains("batch_norm1.mean"))
    #expect(verification.largestError <= 1e-4)
  }
}
