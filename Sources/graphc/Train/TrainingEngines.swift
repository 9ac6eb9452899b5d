import GraphCompiler
import KernelRunner
import SourceText

/// Where engines come from.
enum TrainingEngines {
  /// An engine for a graph with a train section.
  /// - Parameter threads: how many compute; nil for as many as there are processors.
  static func make(
    _ graph: Graph, batchSize: Int, seed: UInt64, threads: Int?
  ) throws -> any TrainingEngine {
    throw CompileError(
      "not-supported", "training is not supported yet", at: graph.trainRange, kind: .unsupported)
  }
}

extension Graph {
  /// Of the loss; unknown where there is none.
  fileprivate var trainRange: SourceRange { train?.loss.map { self[$0].range } ?? .unknown }
}
