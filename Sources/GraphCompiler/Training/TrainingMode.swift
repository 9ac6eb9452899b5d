import SourceText

/// The network as training runs it, and new elements for its running statistics.
///
/// Operators that behave differently in training (batch norm, dropout) are refused until they have that behavior.
func trainingMode(
  _ graph: Graph, seed: UInt64
) throws(CompileError) -> (graph: Graph, updates: [(parameter: Value, value: Value)]) {
  for node in graph.nodes where node.op is BatchNorm || node.op is Dropout {
    throw CompileError(
      "no-training-mode", "'\(Swift.type(of: node.op).name)' cannot be trained yet", at: node.range, kind: .unsupported)
  }
  return (graph, [])
}
