import GraphCompiler
import KernelRunner

/// Where engines come from.
enum TrainingEngines {
  /// Compiles the training of a graph at the size of one batch.
  /// - Parameters:
  ///   - seed: selects the first numbers of parameters without weights, and the random numbers of dropout.
  ///   - threads: how many share the work; their number changes no bit.
  static func make(_ graph: Graph, seed: UInt64, threads: Int = 1) throws -> any TrainingEngine {
    try CompiledTrainer(graph.sampled(seed: seed), seed: seed, BuildOptions(threads: threads))
  }
}

extension Graph {
  /// Every parameter that has an initializer with numbers of this seed instead.
  fileprivate func sampled(seed: UInt64) -> Graph {
    var graph = self
    for value in parameters {
      guard case .parameter(.initializer(let initializer)) = self[value].source else { continue }
      let numbers = initializer.sample(self[value].type, name: self[value].name, seed: seed)
      graph[value].source = .parameter(.data(numbers))
    }
    return graph
  }
}
