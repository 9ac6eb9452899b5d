import Foundation
import GraphCompiler
import SourceText
import Testing

/// A network whose generated C is in `generated/`.
struct GeneratedNetwork: Sendable, CustomTestStringConvertible {
  let name: String
  /// The safetensors file of its weights, in `graphs/`; nil where the graph says them or they are random.
  var weights: String?

  var testDescription: String { name }

  static let all = [
    GeneratedNetwork(name: "xyz_product"), GeneratedNetwork(name: "cos_sin_x2"),
    GeneratedNetwork(name: "perceptron"),
    GeneratedNetwork(name: "logistic_regression"), GeneratedNetwork(name: "xor_mlp"),
    GeneratedNetwork(name: "mlp_3_2_2"),
    GeneratedNetwork(name: "lenet5", weights: "fashion/lenet5.safetensors"),
    GeneratedNetwork(name: "signal1d"),
  ]

  /// The root of the repository.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let graphs = root.appendingPathComponent("graphs")
  static let generated = root.appendingPathComponent("generated")

  /// Where its files are.
  var folder: URL { Self.generated.appendingPathComponent(name) }

  /// The compiled network for all processors: what `graphc compile graphs/NAME.graph` makes.
  func programs() throws -> [Program] {
    try Compilation(graph(), registers: InstructionSet.all.map(\.registers)).programs
  }

  /// `graphs/NAME.graph` with its weights.
  func graph() throws -> Graph {
    let url = Self.graphs.appendingPathComponent("\(name).graph")
    let file = SourceFile(path: url.path, contents: Array(try Data(contentsOf: url)))
    var graph = try GraphParser.parse(file).graph
    if let weights {
      graph = try graph.applyingWeights(from: Self.graphs.appendingPathComponent(weights).path)
    }
    return graph
  }

  /// The files that `graphc compile graphs/NAME.graph -o generated/NAME` writes.
  func bundle() throws -> SourceBundle {
    SourceBundle(try programs(), SourceBundle.Options(sourceName: "\(name).graph"))
  }
}

/// A network whose generated training code is in `generated/`.
struct GeneratedTrainer: Sendable, CustomTestStringConvertible {
  /// Stem of the files: that of the network would meet the inference code in one program.
  let name: String
  /// `graphs/NAME.graph`
  let network: String
  let settings: [String: Int]

  var testDescription: String { name }

  static let all = [GeneratedTrainer(name: "lenet5_trainer", network: "lenet5", settings: ["N": 16])]

  func graph() throws -> Graph {
    let url = GeneratedNetwork.graphs.appendingPathComponent("\(network).graph")
    let file = SourceFile(path: url.path, contents: Array(try Data(contentsOf: url)))
    var options = GraphParser.Options()
    options.settings = settings
    var graph = try GraphParser.parse(file, options: options).graph
    graph.name = name
    return graph
  }

  /// The files that `graphc compile --train --name NAME -o generated/NAME` writes.
  func bundle() throws -> TrainingBundle {
    TrainingBundle(
      try TrainingCompilation(TrainingPlan(graph()), registers: InstructionSet.all.map(\.registers)),
      SourceBundle.Options(sourceName: "\(network).graph"))
  }
}

/// A folder of `generated/`, and what belongs there.
struct GeneratedFolder: Sendable, CustomTestStringConvertible {
  let name: String
  let files: @Sendable () throws -> [GeneratedFile]

  var testDescription: String { name }

  static let all =
    GeneratedNetwork.all.map { network in
      GeneratedFolder(name: network.name) { try network.bundle().files }
    }
    + GeneratedTrainer.all.map { trainer in
      GeneratedFolder(name: trainer.name) { try trainer.bundle().files }
    }

  var url: URL { GeneratedNetwork.generated.appendingPathComponent(name) }
}

/// A folder that lives as long as the value.
final class TemporaryFolder {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent("graphc-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Writes a file, and the folders that it needs.
  @discardableResult
  func write(_ path: String, _ contents: [UInt8]) throws -> URL {
    let file = url.appendingPathComponent(path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(contents).write(to: file)
    return file
  }
}
