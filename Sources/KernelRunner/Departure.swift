import GraphCompiler

/// Finds where generated code goes wrong: the first value of a graph that departs from the interpreter.
package enum Departure {
  /// Compares every value of the graph on its own, the one in the middle first. What departs is taken to
  /// spoil everything after it.
  /// - Parameter graph: after the graph passes, so that its values are those that the kernels compute.
  /// - Returns: nil where no value departs when it is an output.
  package static func first(
    in graph: Graph, seed: UInt64 = 1, build: BuildOptions = BuildOptions(), tolerance: Double
  ) throws -> Verification.OutputReport? {
    let values = graph.nodes.flatMap(\.results)
    var reports: [Int: Verification.OutputReport] = [:]
    let place = try firstPlace(in: values.count) { place in
      let report = try Verification(graph.ending(in: values[place]), seed: seed, build: build).outputs[0]
      reports[place] = report
      return !(report.relativeError <= tolerance)
    }
    return place.flatMap { reports[$0] }
  }

  /// The smallest place that departs, if all behind it do as well; nil where the last one does not.
  package static func firstPlace(in count: Int, departs: (Int) throws -> Bool) rethrows -> Int? {
    guard count > 0, try departs(count - 1) else { return nil }
    var (low, high) = (0, count - 1)
    while low < high {
      let middle = (low + high) / 2
      if try departs(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension Graph {
  /// The same graph with this value as its only output. Groups are made anew.
  fileprivate func ending(in value: Value) -> Graph {
    var graph = self
    graph.outputs = [Output(name: self[value].name, value: value)]
    for place in graph.nodes.indices { graph.nodes[place].group = nil }
    return graph
  }
}
