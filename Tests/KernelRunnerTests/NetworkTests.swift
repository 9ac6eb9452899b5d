import Foundation
import KernelRunner
import Testing

@testable import GraphCompiler

/// A network of `graphs/`, on an image size at which the interpreter is quick.
struct Network: Sendable, CustomTestStringConvertible {
  var file: String
  var settings: [String: Int]

  var testDescription: String { file }

  /// Every file of the folder; the big ones smaller.
  static let all: [Network] = {
    let folder = RepositoryGraphs.root.appendingPathComponent("graphs").path
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { $0.hasSuffix(".graph") }.sorted().map { Network(file: $0, settings: smaller[$0] ?? [:]) }
  }()

  private static let smaller: [String: [String: Int]] = [
    "alexnet.graph": ["size": 67, "classes": 10],
    "alexnet_two_towers.graph": ["size": 67, "classes": 10],
    "bn_inception.graph": ["size": 64, "classes": 10],
    "dilated.graph": ["size": 12],
    "global_average_pooling.graph": ["size": 8],
    "googlenet.graph": ["size": 47, "classes": 10],
    "mobilenet_v1.graph": ["size": 32, "classes": 10],
    "mobilenet_v2.graph": ["size": 32, "classes": 10],
    "resnet18.graph": ["size": 32, "classes": 10],
    "resnet50.graph": ["size": 32, "classes": 10],
    "squeezenet1_1.graph": ["size": 35, "classes": 10],
    "vgg16.graph": ["size": 32, "classes": 10],
    "vgg19.graph": ["size": 32, "classes": 10],
    "volume3d.graph": ["depth": 4, "size": 8],
    "zfnet.graph": ["size": 63, "classes": 10],
  ]
}

/// Generated C against the interpreter on every network.
@Suite struct NetworkTests {
  @Test func theFolderHasTheNetworks() {
    #expect(Network.all.count >= 24)
  }

  @Test(arguments: Network.all)
  func generatedCodeAgreesWithTheInterpreter(_ network: Network) throws {
    let graph = try RepositoryGraphs.parse(network.file, network.settings)
    for output in try Verification(graph).outputs {
      #expect(
        output.relativeError <= 1e-5,
        "\(output.name)\(output.type) at \(output.worst.position): \(output.worst.got), not \(output.worst.expected)")
    }
  }
}
