import Foundation
import GraphCompiler
import SourceText
import Testing

/// Working memory of training code.
@Suite struct TrainingMemoryTests {
  private func bundle(_ name: String, _ settings: [String: Int]) throws -> (
    TrainingCompilation, TrainingBundle
  ) {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let url = root.appendingPathComponent("graphs/\(name).graph")
    var options = GraphParser.Options()
    options.settings = settings
    let file = SourceFile(path: url.path, contents: Array(try Data(contentsOf: url)))
    let compilation = try TrainingCompilation(TrainingPlan(GraphParser.parse(file, options: options).graph))
    return (compilation, TrainingBundle(compilation, SourceBundle.Options(sourceName: "\(name).graph")))
  }

  @Test(arguments: ["lenet5", "fashion_bn"]) func arenasAreNearTheirLowerBounds(_ name: String) throws {
    let (compilation, _) = try bundle(name, ["N": 64])
    #expect(compilation.functions.map(\.name) == ["forward", "evaluate", "backward", "update", "train_step"])
    for function in compilation.functions {
      let (bytes, bound) = (function.program.arenaByteCount, function.program.arenaLowerBound)
      #expect(
        bytes >= bound && Double(bytes) <= 1.10 * Double(bound), "\(function.name): \(bytes) of \(bound)")
    }
  }

  @Test func theHeaderStatesAllSizes() throws {
    let (compilation, bundle) = try bundle("lenet5", ["N": 64])
    let file = try #require(bundle.files.first { $0.path == "include/lenet5.h" })
    let header = String(decoding: file.contents, as: UTF8.self)
    var sizes = [
      "ARENA_BYTES = \(bundle.arenaByteCount)", "STATE_BYTES = \(bundle.stateByteCount)",
      "PARAMETER_BYTES = ",
      "PARAMETER_COUNT = 10", "STATE_COUNT = 11", "IMAGE_COUNT = 50176", "LABEL_COUNT = 64",
      "SCORES_COUNT = 640",
      "LOSS_COUNT = 1", "RATE_COUNT = 1", "GRAD_CONV1_WEIGHT_COUNT = 150",
    ]
    sizes += compilation.functions.map {
      "\($0.name.uppercased())_ARENA_BYTES = \($0.program.arenaByteCount)"
    }
    for size in sizes { #expect(header.contains("  LENET5_\(size)"), "\(size)") }
    for function in compilation.functions {
      let bound = "at least \(function.program.arenaLowerBound) are alive at once"
      #expect(header.contains("//   \(function.name): ") && header.contains(bound))
    }
  }
}
