import LoopIR

/// What is computed while a model is read: shapes, mostly.
extension ONNXImporter {
  func learn(_ value: Value, _ data: TensorData, dependsOnInputs: Bool = false) {
    known[value] = KnownElements(data: data, dependsOnInputs: dependsOnInputs)
  }

  /// Computes new nodes whose operands are all known and small: shapes are made of them.
  func foldNodes(from first: Int) {
    for node in builder.graph.nodes[first...] {
      let operands = node.operands.map { known[$0] }
      guard operands.allSatisfy({ $0 != nil }), node.results.allSatisfy({ isSmall($0) }) else { continue }
      let work = builder.graph.work(of: node)
      guard work <= foldingBudget else { continue }
      foldingBudget -= work
      let given = operands.compactMap { $0 }
      guard let results = KnownElements.results(of: node.op, given.map(\.data)) else { continue }
      let dependsOnInputs = given.contains(where: \.dependsOnInputs)
      for (value, data) in zip(node.results, results) { learn(value, data, dependsOnInputs: dependsOnInputs) }
    }
  }

  private func isSmall(_ value: Value) -> Bool { builder.type(of: value).count <= KnownElements.countLimit }
}

/// Elements that are known while a model is read.
struct KnownElements {
  /// More elements than this are not computed while reading.
  static let countLimit = 1 << 16

  var data: TensorData
  /// Whether another run could have others: they were given as an input of this one.
  var dependsOnInputs: Bool
}

extension KnownElements {
  /// The results of an operator for known operands; nil where they do not fit.
  static func results(of op: any Op, _ operands: [TensorData]) -> [TensorData]? {
    var builder = GraphBuilder(name: "fold")
    let values = operands.map { builder.constant($0) }
    guard let results = try? builder.apply(op, values) else { return nil }
    for value in results { builder.output(builder.graph[value].name, value) }
    guard let outputs = try? Interpreter(builder.graph).run([:]).outputs else { return nil }
    return results.compactMap { value in
      outputs[builder.graph[value].name].map { TensorData(builder.type(of: value), doubles: $0.values) }
    }
  }
}
