import KernelRunner
import SourceText
import TensorFiles
import Testing

@testable import GraphCompiler

/// Generated code on 16-bit floating point, against the conversions of tensor files.
@Suite struct HalfPrecisionTests {
  @Test(arguments: [StoredElementType.f16, .bf16])
  func everyNumberWidensExactly(_ element: StoredElementType) throws {
    let bytes = (0..<65536).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    let numbers = StoredTensor(shape: [65536], element: element, bytes: bytes)
    let wide = try run("input x: \(element.rawValue)[65536]\n output y = cast(x, to: \"f32\")", numbers, .f32)
    let pairs = zip(wide.floats(), numbers.floats())
    #expect(pairs.allSatisfy { $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN) })
  }

  /// Floats of all magnitudes, halves and what lies halfway between two of them.
  @Test(arguments: [StoredElementType.f16, .bf16])
  func floatsRoundToTheNearest(_ element: StoredElementType) throws {
    let bits = (0..<65536).flatMap { (top: UInt32) in
      [0, 1, 0x0fff, 0x1000, 0x1001, 0x7fff, 0x8000, 0x8001, 0xf000].map { top << 16 | $0 }
    }
    let numbers = StoredTensor(shape: [bits.count], bits.map(Float.init(bitPattern:)))
    let body = "input x: f32[\(bits.count)]\n output y = cast(x, to: \"\(element.rawValue)\")"
    let rounded = try run(body, numbers, element)
    #expect(try rounded.bytes == numbers.converted(to: element).bytes)
  }

  @Test func sumsAreRoundedOnce() throws {
    let x = try StoredTensor(shape: [3], [1, 2048, 0.1] as [Float]).converted(to: .f16)
    let body = "input x: f16[3]\n output y = (x + 1) * x"
    let exact = x.floats().map { ($0 + 1) * $0 }
    #expect(try run(body, x, .f16).bytes == StoredTensor(shape: [3], exact).converted(to: .f16).bytes)
  }

  @Test func layersComputeInSinglePrecision() throws {
    let graph = try parse(
      "input x: f16[2, 3, 6, 6]\n output y = x -> conv(4, kernel: 3) -> relu -> maxpool(2) -> flatten -> fc(5) -> softmax")
    #expect(try Verification(graph).largestError < 16 * graph.halfRounding)
  }

  private func parse(_ body: String) throws -> Graph {
    do throws(CompileError) {
      let source = SourceFile(path: "half", text: "graph half {\n \(body)\n}\n")
      return try GraphParser.parse(source, options: GraphParser.Options()).graph
    } catch {
      Issue.record("\(DiagnosticRenderer().render(error.diagnostics))")
      throw error
    }
  }

  private func run(_ body: String, _ x: StoredTensor, _ result: StoredElementType) throws -> StoredTensor {
    let build = BuildOptions(optimization: "-O1")
    let network = try CompiledNetwork(build.program(parse(body)), build)
    return StoredTensor(shape: x.shape, element: result, bytes: network.run([x.bytes])[0])
  }
}
