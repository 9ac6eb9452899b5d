import SourceText

/// What is legal but looks like a mistake.
struct Lints {
  let graph: Graph
  /// Values that served although no node uses them.
  let usedElsewhere: Set<Value>

  init(_ graph: Graph, _ usedElsewhere: Set<Value> = []) {
    self.graph = graph
    self.usedElsewhere = usedElsewhere
  }

  func warnings() -> [Diagnostic] {
    unusedValues() + remarks()
  }

  private var allNodes: [Node] { graph.nodes + (graph.train?.nodes ?? []) }

  private func unusedValues() -> [Diagnostic] {
    var isUsed = graph.values.indices.map { usedElsewhere.contains(Value(index: $0)) }
    for node in allNodes {
      for operand in node.operands { isUsed[Int(operand.index)] = true }
    }
    for output in graph.outputs { isUsed[Int(output.value.index)] = true }
    if let loss = graph.train?.loss { isUsed[Int(loss.index)] = true }
    var warnings: [Diagnostic] = []
    func warn(_ kind: String, _ value: Value) {
      let info = graph[value]
      warnings.append(
        Diagnostic(.warning, "unused-value", "\(kind) '\(info.name)' is never used", at: info.range))
    }
    for input in graph.inputs + (graph.train?.inputs ?? []) where !isUsed[Int(input.index)] {
      warn("input", input)
    }
    for parameter in graph.parameters where !isUsed[Int(parameter.index)] { warn("parameter", parameter) }
    for constant in graph.constants where !isUsed[Int(constant.index)] { warn("constant", constant) }
    for node in allNodes where !node.results.contains(where: { isUsed[Int($0.index)] }) {
      if let first = node.results.first { warn("value", first) }
    }
    return warnings
  }

  /// What operators have to say about their operands.
  private func remarks() -> [Diagnostic] {
    allNodes.flatMap { node in
      node.op.remarks(graph.types(of: node.operands)).map {
        Diagnostic(.warning, "dropped-pixels", $0, at: node.range)
      }
    }
  }
}
