import GraphCompiler
import LoopIR
import SourceText
import Testing

@testable import KernelRunner

/// Convolutions in tiles of every size, as generated C, against the interpreter.
@Suite struct WinogradKernelTests {
  /// Tiles overhang the image on two sides; one block of them, and several.
  private static func network(_ rows: Int, _ columns: Int, height: Int) -> String {
    """
    graph net {
      input x: f32[1, 3, \(height), 17]
      output y = x -> conv(16, kernel: 1) -> relu
        -> conv(32, kernel: [\(rows), \(columns)], pad: [\(rows / 2), \(columns / 2)]) -> relu -> conv(16, kernel: 1)
    }
    """
  }

  @Test(arguments: [2, 3, 4], [(3, 3), (5, 5), (1, 3), (5, 1), (1, 7), (7, 1)])
  func agreesWithTheInterpreter(_ outputs: Int, _ taps: (Int, Int)) throws {
    for height in [13, 31] {
      let text = Self.network(taps.0, taps.1, height: height)
      let graph = try GraphParser.parse(SourceFile(path: "net.graph", text: text)).graph
      let inputs = Verification.randomInputs(graph, seed: 1)
      let expected = try Interpreter(graph).run(inputs.mapValues { TensorValues($0) }).outputs["y"]?.values ?? []
      for name in Set([HostProcessor.instructionSet, "portable"]).sorted() {
        var build = BuildOptions(optimization: "-O0", instructionSet: name)
        for key in try build.compilation(graph).tunableConvolutions.map(\.key) {
          build.tuning.choices[key, default: Tuning.Choice()][.winograd] = outputs
        }
        let program = try build.program(graph)
        #expect(program.kernels.contains { $0.name.contains("winograd\(outputs)") }, "\(name)")
        let found = try #require(CompiledNetwork(program, build).run(inputs)["y"])
        #expect(Verification.compare("y", found.type, found.doubles, expected).relativeError < 1e-5)
      }
    }
  }

  /// Errors add up from layer to layer.
  @Test func twentyStripsAgreeWithTheInterpreter() throws {
    let text = """
      graph net {
        input x: f32[2, 16, 17, 13]
        output y = x -> conv(16, kernel: 1) -> relu
          -> [conv(32, kernel: [1, 7], pad: [0, 3]) -> relu -> conv(32, kernel: [7, 1], pad: [4, 0]) -> relu] * 10
          -> conv(5, kernel: 1)
      }
      """
    let graph = try GraphParser.parse(SourceFile(path: "net.graph", text: text)).graph
    let build = BuildOptions(optimization: "-O1", instructionSet: HostProcessor.instructionSet)
    for seed in 1...2 {
      let verification = try Verification(graph, seed: UInt64(seed), build: build)
      #expect(verification.program.buffers.count { $0.transform?.isStrip == true } >= 10)
      #expect(verification.largestError <= 2e-5)
    }
  }
}
