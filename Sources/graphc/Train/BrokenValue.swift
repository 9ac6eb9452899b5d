import GraphCompiler
import KernelRunner
import LoopIR
import TensorFiles

/// Searches what made a loss infinite or no number.
enum BrokenValue {
  /// The name of the first value of a network that is not finite; nil where all are, as without dropout and with running
  /// statistics.
  /// - Parameters:
  ///   - parameters: the numbers at the time.
  ///   - inputs: of the network, in its types.
  static func first(
    in graph: Graph, parameters: [(name: String, tensor: StoredTensor)], inputs: [[UInt8]]
  ) throws -> String? {
    if let broken = parameters.first(where: { !$0.tensor.isFinite }) { return broken.name }
    let network = try CompiledNetwork(BuildOptions().program(showingAll(graph, parameters)))
    let outputs = network.program.buffers.filter { $0.role == .output }
    let results = Dictionary(
      zip(outputs, network.run(inputs)).map { ($0.name, TensorData($0.type, bytes: $1)) },
      uniquingKeysWith: { first, _ in first })
    return graph.nodes.flatMap(\.results).map { graph[$0].name }.first { name in
      results[name].map { $0.type.element.isFloatingPoint && !$0.doubles.allSatisfy(\.isFinite) } ?? false
    }
  }

  /// The network with these parameters, without its train section, every value being an output.
  private static func showingAll(
    _ graph: Graph, _ parameters: [(name: String, tensor: StoredTensor)]
  ) throws(TensorFileError) -> Graph {
    var graph = graph
    graph.train = nil
    for value in graph.parameters {
      guard let tensor = parameters.first(where: { $0.name == graph[value].name })?.tensor else { continue }
      graph[value].source = .parameter(.data(try TensorData(tensor, as: graph[value].type.element)))
    }
    graph.outputs = graph.nodes.flatMap(\.results).map { Graph.Output(name: graph[$0].name, value: $0) }
    return graph
  }
}

extension StoredTensor {
  /// Whether no element is infinite or not a number.
  var isFinite: Bool { !element.isFloatingPoint || doubles().allSatisfy(\.isFinite) }
}
