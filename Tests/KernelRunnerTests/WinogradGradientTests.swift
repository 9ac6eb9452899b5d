import GraphCompiler
import LoopIR
import SourceText
import Testing

@testable import KernelRunner

/// Gradients by the weights of convolutions in tiles, as generated C, against the interpreter.
@Suite struct WinogradGradientTests {
  /// Tiles fill the images of 28 and 9 rows, and overhang those of 27 on two sides.
  private static func network(taps: Int, side: Int) -> String {
    // So many that the algorithm pays.
    let count = side < 16 ? 4 : 1
    return """
    graph net {
      input x: f32[\(count), 3, \(side), \(side)]
      h = x -> conv(32, kernel: 1) -> tanh
      y = (h -> conv(48, kernel: \(taps), pad: \(taps / 2))) + (h -> conv(48, kernel: [3, 3], pad: 1)) -> tanh
      output loss = y * y -> reduce_sum
    }
    """
  }

  @Test(arguments: [(3, 28, 4), (3, 9, 3), (5, 27, 4)], [1, 3])
  func agreesWithTheInterpreter(_ shape: (taps: Int, side: Int, tile: Int), threads: Int) throws {
    let text = Self.network(taps: shape.taps, side: shape.side)
    let graph = try GraphParser.parse(SourceFile(path: "net.graph", text: text)).graph
    let names = graph.parameters.map { graph[$0].name }.filter { $0.contains("weight") }
    let differentiated = try graph.addingGradients(of: "loss", by: names.map { (name: $0, output: "\($0).grad") })
    let inputs = Verification.randomInputs(differentiated, seed: 1)
    let expected = try Interpreter(differentiated).run(inputs.mapValues { TensorValues($0) }).outputs
    for set in Set([HostProcessor.instructionSet, "portable"]).sorted() {
      let build = BuildOptions(optimization: "-O0", instructionSet: set, threads: threads)
      let program = try build.program(differentiated)
      #expect(program.kernels.contains { $0.name.hasPrefix("adjoint_winograd\(shape.tile)") }, "\(set)")
      let found = try CompiledNetwork(program, build).run(inputs)
      for name in names {
        let gradient = try #require(found["\(name).grad"])
        let wanted = expected["\(name).grad"]?.values ?? []
        #expect(Verification.compare(name, gradient.type, gradient.doubles, wanted).relativeError < 1e-5)
      }
    }
  }

  /// Of a step of training, in which filters are transformed too.
  @Test func isExplained() throws {
    let text = """
      graph net {
        input x: f32[1, 3, 28, 28]
        output y = x -> conv(32, kernel: 1) -> relu -> conv(32, kernel: 3, pad: 1) -> relu -> conv(16, kernel: 1)
          -> global_avgpool -> flatten -> fc(4)
        train {
          input label: i32[1]
          minimize cross_entropy(y, label)
          with sgd(rate: 0.1)
        }
      }
      """
    let graph = try GraphParser.parse(SourceFile(path: "net.graph", text: text)).graph
    let step = try TrainingCompilation(TrainingPlan(graph)).stepFunction
    let kernels = KernelExplanation.all(step.program)
    let labels = kernels.map(\.algorithm.label)
    #expect(labels.count { $0 == "Winograd F(4x4, 3x3)" } == 2, "\(labels)")
    #expect(labels.count { $0 == "Winograd's products" } == 1)
    for kernel in kernels where kernel.algorithm.label.hasPrefix("Winograd") {
      #expect(kernel.work.operations > 0 && (0.2...0.4).contains(kernel.algorithm.multiplicationShare))
    }
  }

  @Test func canBeForbidden() throws {
    let text = Self.network(taps: 3, side: 28)
    let graph = try GraphParser.parse(SourceFile(path: "net.graph", text: text)).graph
    let names = graph.parameters.map { graph[$0].name }
    let differentiated = try graph.addingGradients(of: "loss", by: names.map { (name: $0, output: "\($0).grad") })
    for (largest, isThere) in [(0.0, false), (1e-7, false), (1e-4, true)] {
      let program = try BuildOptions(largestWinogradError: largest).program(differentiated)
      #expect(program.kernels.contains { $0.name.contains("winograd") } == isThere, "\(largest)")
    }
  }
}
