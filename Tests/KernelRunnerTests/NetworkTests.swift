import Foundation
import KernelRunner
import SourceText
import Testing

@testable import GraphCompiler

/// A network of `graphs/` that a debug build runs in seconds.
struct Network: Sendable, CustomTestStringConvertible {
  var file: String
  var settings: [String: Int]

  var testDescription: String { file }

  /// Every file of the folder but the big ones, which `.ci/run` verifies with a release build.
  static let small: [Network] = files.filter { !big.contains($0) }
    .map { Network(file: $0, settings: smaller[$0] ?? [:]) }

  /// Names of all files of the folder.
  static let files: [String] = {
    let folder = RepositoryGraphs.root.appendingPathComponent("graphs").path
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { $0.hasSuffix(".graph") }.sorted()
  }()

  /// Networks with a million parameters and more.
  static let big: Set<String> = [
    "alexnet.graph", "alexnet_two_towers.graph", "bn_inception.graph", "global_average_pooling.graph",
    "googlenet.graph", "mobilenet_v1.graph", "mobilenet_v2.graph", "resnet18.graph", "resnet50.graph",
    "squeezenet1_1.graph", "vgg16.graph", "vgg19.graph", "zfnet.graph",
  ]

  private static let smaller: [String: [String: Int]] = [
    "dilated.graph": ["size": 12],
    "volume3d.graph": ["depth": 4, "size": 8],
  ]
}

/// Generated C against the interpreter on the small networks; the big ones are read and typed.
@Suite struct NetworkTests {
  @Test func theFolderHasTheNetworks() {
    #expect(Network.files.count >= 24)
    #expect(Network.big.isSubset(of: Network.files))
  }

  @Test(arguments: Network.files)
  func theTextIsAGraphThatKeepsItsContract(_ file: String) throws {
    let graph = try RepositoryGraphs.parse(file)
    #expect(GraphVerifier.violations(graph) == [])
    #expect(!graph.outputs.isEmpty)
  }

  /// A rest of one column behind columns in vectors: names of vectors are numbers there.
  @Test func restsOfOneElementAreNoVectors() throws {
    let text = "graph rest {\n input a: f32[14, 8]\n input b: f32[8, 33]\n output y = matmul(a, b)\n}"
    let graph = try GraphParser.parse(SourceFile(path: "rest.graph", text: text)).graph
    #expect(try Verification(graph).largestError <= 1e-5)
  }

  @Test(arguments: Network.small)
  func generatedCodeAgreesWithTheInterpreter(_ network: Network) throws {
    let graph = try RepositoryGraphs.parse(network.file, network.settings)
    for output in try Verification(graph).outputs {
      #expect(
        output.relativeError <= 1e-5,
        "\(output.name)\(output.type) at \(output.worst.position): \(output.worst.got), not \(output.worst.expected)"
      )
    }
  }
}
