import KernelRunner
import LoopIR
import SourceText
import Testing

@testable import GraphCompiler

/// Sums over so many channels that tiles go over some of them at a time, and what is made of the sums.
@Suite struct CarriedSumTests {
  @Test(arguments: HostProcessor.instructionSets, [1, 3]) func longSumsAgree(_ target: String, threads: Int) throws {
    let text = """
      graph net {
        input x: f32[1, 16, 7, 7]
        a = x -> conv(512, kernel: 1) -> relu
        b = (a -> conv(64, kernel: 1)) + (x -> conv(64, kernel: 1)) -> relu
        c = x -> conv(256, kernel: 1) -> relu -> conv(64, kernel: 3, pad: 1, bias: false) -> tanh
        d = x -> conv(768, kernel: 1) -> relu -> conv(64, kernel: [1, 3], pad: [0, 1]) -> sigmoid
        output y = b + c + d -> conv(16, kernel: 1)
      }
      """
    let graph = try GraphParser.parse(SourceFile(path: "net.graph", text: text)).graph
    var build = BuildOptions(optimization: "-O0", instructionSet: target, threads: threads)
    build.largestWinogradError = 0
    let verification = try Verification(graph, build: build)
    #expect(verification.largestError <= 1e-5)
    // Tiles of 32 registers hide where weights come from.
    let carrying = verification.program.kernels.filter { kernel in
      kernel.schedule.directives.contains { if case .carry = $0 { true } else { false } }
    }
    for kernel in carrying {
      let lines = NestOutline(kernel).lines
      #expect(lines.contains { $0.hasSuffix("clear y, where sums begin") })
      #expect(lines.contains { $0.contains("pieces of the sum") }, "\(lines)")
    }
    #expect(carrying.count == (verification.program.registers.count == 16 ? 3 : 0), "\(carrying.map(\.name))")
  }

  @Test(arguments: HostProcessor.instructionSets, [1, 3]) func sumsOfWinogradsProductsAgree(
    _ target: String, threads: Int
  ) throws {
    let text = """
      graph net {
        input x: f32[1, 16, 8, 8]
        output y = x -> conv(320, kernel: 1) -> relu -> conv(96, kernel: 3, pad: 1) -> relu -> conv(16, kernel: 1)
      }
      """
    let graph = try GraphParser.parse(SourceFile(path: "net.graph", text: text)).graph
    let build = BuildOptions(optimization: "-O0", instructionSet: target, threads: threads)
    let verification = try Verification(graph, build: build)
    #expect(verification.largestError <= 2e-5)
    let products = verification.program.kernels.filter { $0.name.contains("_winograd") }
    let directives = products.flatMap(\.schedule.directives)
    let carries = directives.filter { if case .carry = $0 { true } else { false } }
    #expect(products.count == 1)
    #expect(carries.count == (verification.program.registers.count == 16 ? 1 : 0), "\(directives)")
  }
}
