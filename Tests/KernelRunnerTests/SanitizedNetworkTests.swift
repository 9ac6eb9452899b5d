import KernelRunner
import SourceText
import Testing

@testable import GraphCompiler

/// Generated C in a process of its own, which a sanitizer ends where the code misbehaves.
@Suite struct SanitizedNetworkTests {
  /// A program whose only kernel stores to and reads from these positions of 8 places.
  private static func program(_ body: String) throws -> Program {
    let text = """
      program net {
        input x: f32[8]
        output y: f32[8]
        kernel k {
          read x: f32[8]
          write y: f32[8]
          equation y[i] = x[i]
          for i in 0..<8 { \(body) }
        }
        call k(x, y) { computes y }
      }
      """
    var program = try ProgramParser.parse(SourceFile(path: "net.program", text: text))
    program.registers = options.target.registers
    return program
  }

  private static let options = BuildOptions(optimization: "-O1", sanitizes: true)

  /// nil where the machine has no compiler with sanitizers.
  private static func run(_ body: String, _ inputs: [UInt8]) throws -> [[UInt8]]? {
    do {
      return try SanitizedNetwork(try program(body), options).run([inputs])
    } catch let failure as CCompiler.Failure where failure.kind == .missing {
      return nil
    }
  }

  @Test func outputsComeBack() throws {
    let bytes = (0..<32).map(UInt8.init)
    guard let outputs = try Self.run("y[i] = x[i]", bytes) else { return }
    #expect(outputs == [bytes])
  }

  @Test(arguments: ["y[i] = x[i+1]", "y[i] = x[i-1]", "y[i+1] = x[i]", "y[i] = x[i*100000]"])
  func strayAccessesEndIt(_ body: String) throws {
    do {
      let outputs = try Self.run(body, [UInt8](repeating: 0, count: 32))
      #expect(outputs == nil, "the stray access went unnoticed")
    } catch let failure as CCompiler.Failure {
      #expect(failure.kind == .misbehaved)
      #expect(failure.description.contains("AddressSanitizer"))
    }
  }
}
