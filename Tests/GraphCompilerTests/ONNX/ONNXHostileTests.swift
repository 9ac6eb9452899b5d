import Foundation
import SourceText
import TensorFiles
import Testing

@testable import GraphCompiler

/// Models that were damaged, or made to take forever. Each ends in diagnostics or in a graph that is sound,
/// soon.
@Suite struct ONNXHostileTests {
  /// The seeds of the fuzzer: small models of every kind.
  static let seeds: [String] = {
    let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (files ?? []).filter { $0.hasSuffix(".onnx") }.sorted()
  }()

  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Fuzz/corpus/onnx").standardizedFileURL

  private static func seed(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appendingPathComponent(name)))
  }

  /// What this thread has computed so far: other work on the machine does not count.
  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  private func expectCalm(_ bytes: [UInt8], _ what: String) {
    let start = Self.processorSeconds
    do throws(CompileError) {
      let model = try ONNXImport.read(MappedFile(bytes: bytes, path: "nowhere/model.onnx"))
      let violations = GraphVerifier.violations(model.graph)
      #expect(violations.isEmpty, "\(what): \(violations)")
    } catch {
      #expect(!error.diagnostics.isEmpty, "\(what)")
    }
    let seconds = Self.processorSeconds - start
    #expect(seconds < 2, "\(what) took \(seconds) s")
  }

  @Test func theSeedsAreThere() { #expect(Self.seeds.count >= 13) }

  /// A low bit and a high one of every byte, another pair in each; the fuzzer tries the rest.
  @Test(arguments: seeds) func bitsMayFlip(_ name: String) throws {
    let bytes = try Self.seed(name)
    for place in bytes.indices {
      for bit in [place % 4, 4 + place % 4] {
        var damaged = bytes
        damaged[place] ^= 1 << UInt8(bit)
        expectCalm(damaged, "bit \(bit) of byte \(place) of \(name)")
      }
    }
  }

  @Test(arguments: seeds) func everyByteMayBeLostOrExtreme(_ name: String) throws {
    let bytes = try Self.seed(name)
    for place in bytes.indices {
      expectCalm(Array(bytes[..<place]), "the first \(place) bytes of \(name)")
      for byte: UInt8 in [0, 0x7F, 0xFF] {
        var damaged = bytes
        damaged[place] = byte
        expectCalm(damaged, "byte \(place) = \(byte) of \(name)")
      }
    }
  }

  static let claims: [(String, ONNXTestModel)] = [
    ("is too large", model([.node("ConstantOfShape", ["s"], ["y"])], ints: ["s": [1 << 40, 1 << 40]])),
    ("is too large", model([.node("Expand", ["x", "s"], ["y"])], ints: ["s": [1 << 40, 1, 1]])),
    ("is too large", model([.node("Tile", ["x", "s"], ["y"])], ints: ["s": [1 << 62, 1 << 62]])),
    ("must lie in", model([.node("Pad", ["x", "s"], ["y"])], ints: ["s": [.max, .max, .max, .max]])),
    ("must lie in", model([.node("Pad", ["x", "s"], ["y"])], ints: ["s": [.min, .min, .min, .min]])),
    (
      "takes",
      ONNXTestModel(nodes: [.node("Add", ["x", "w"], ["y"])], initializers: [.data("w", 1, [1 << 28])])
    ),
    (
      "is negative or too large",
      ONNXTestModel(
        nodes: [.node("Add", ["x", "w"], ["y"])], initializers: [.data("w", 1, [1 << 62, 1 << 62])])
    ),
    ("more than 100000 nodes", doubling),
  ]

  @Test(arguments: claims.indices) func claimsAreRefused(_ place: Int) {
    let (words, model) = Self.claims[place]
    let start = Self.processorSeconds
    expectRefusal(model, words)
    // Debug builds are an order of magnitude slower than what users run.
    #expect(Self.processorSeconds - start < 20)
  }

  private static func model(_ nodes: [ONNXMessage], ints: [String: [Int]]) -> ONNXTestModel {
    ONNXTestModel(nodes: nodes, initializers: ints.map { .integers($0, $1) })
  }

  /// Twenty functions, each of which calls the next one twice.
  private static let doubling: ONNXTestModel = {
    let functions = (0..<20).map { depth in
      let next = depth == 19 ? "Leaf" : "F\(depth + 1)"
      return ONNXMessage.function(
        "F\(depth)", ["x"], ["y"], .node(next, ["x"], ["t"], domain: "my"),
        .node(next, ["t"], ["y"], domain: "my"))
    }
    let leaf = ONNXMessage.function("Leaf", ["x"], ["y"], .node("Relu", ["x"], ["y"]))
    return ONNXTestModel(
      nodes: [.node("F0", ["x"], ["y"], domain: "my")], functions: functions + [leaf],
      opsets: [.opset("", 21), .opset("my", 1)])
  }()
}
