import SourceText

extension Graph {
  /// The graph that computes the loss of the train section and nothing else, as training runs the network.
  ///
  /// A graph without a train section loses the sum of its floating-point outputs, each element times another factor, so that
  /// no gradient vanishes by symmetry.
  /// - Parameter seed: selects the random bits of dropout.
  /// - Returns: the loss is the only output.
  package func lossGraph(seed: UInt64 = 0) throws(CompileError) -> Graph {
    guard let loss = train?.loss else { return try summingOutputs() }
    var result = try trainingMode(self, seed: seed).graph
    let section = result.train ?? TrainSection()
    result.train = nil
    result.inputs += section.inputs
    result.nodes += section.nodes
    result.outputs = [Output(name: result[loss].name, value: loss)]
    return result
  }

  private func summingOutputs() throws(CompileError) -> Graph {
    var builder = GraphBuilder(continuing: self)
    var total: Value?
    do throws(OpError) {
      for output in outputs where type(of: output.value).element.isFloatingPoint {
        let type = type(of: output.value)
        // 0.3 … 0.94, eleven different factors.
        let factors = (0..<type.count).map { (i: Int) -> Double in
          let eleventh = Double(i * 37 % 11) / 11
          return 0.3 + 0.7 * eleventh
        }
        let weighted = try builder.apply(Mul(), output.value, builder.constant(TensorData(type, doubles: factors)))
        let sum = try builder.apply(ReduceSum(keep: false), weighted)
        total = try total.map { total throws(OpError) in
          try builder.apply(Add(), total, try builder.converted(sum, like: total))
        } ?? sum
      }
    } catch {
      throw CompileError("no-loss", error.message, at: .unknown, kind: error.kind, help: error.help)
    }
    guard let total else {
      throw CompileError("no-loss", "graph '\(name)' has no floating-point output, so that nothing has a gradient", at: .unknown)
    }
    var result = builder.graph
    result.train = nil
    result.outputs = [Output(name: result[total].name, value: total)]
    return result
  }

  /// Names of the parameters that training could change: floating point, no statistics. Frozen ones count.
  package var differentiableParameters: [String] {
    let statistics = Set(nodes.flatMap(\.statistics))
    return parameters.filter { type(of: $0).element.isFloatingPoint && !statistics.contains($0) }.map { self[$0].name }
  }
}
