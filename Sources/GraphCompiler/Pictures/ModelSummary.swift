import LoopIR
import SourceText

/// The table of a network's layers: shapes, parameters and work of each, and what they come to.
///
///     layer   operator  output           parameters     MACs
///     ──────  ────────  ───────────────  ──────────  ───────
///     image   input     [1, 1, 28, 28]            -        -
///     conv1   conv      [1, 6, 28, 28]          156  117,600
package struct ModelSummary: Sendable {
  package struct Layer: Hashable, Sendable {
    /// The value that the layer computes; several are joined by commas.
    package var name: String
    package var operatorName: String
    package var type: TensorType
    package var parameterCount: Int
    package var statisticCount: Int
    package var multiplyAccumulateCount: Int
  }

  package let name: String
  /// The inputs, then the nodes in execution order.
  package let layers: [Layer]
  package let parameterCount: Int
  package let parameterByteCount: Int
  package let statisticCount: Int
  package let multiplyAccumulateCount: Int
  /// Bytes of all values that nodes compute, views not counted: the working memory if nothing shared a place.
  package let activationByteCount: Int
  /// Of the planned program.
  package let arenaByteCount: Int?
  package let arenaLowerBound: Int?

  /// A program adds what its arena needs.
  package init(_ graph: Graph, program: Program? = nil) {
    name = graph.name
    let costs = GraphCosts(graph)
    let inputs = graph.inputs.map { value in
      Layer(
        name: graph[value].name, operatorName: "input", type: graph.type(of: value), parameterCount: 0,
        statisticCount: 0, multiplyAccumulateCount: 0)
    }
    let nodes = zip(graph.nodes, costs.nodes).map { node, cost in
      Layer(
        name: node.results.map { graph[$0].name }.joined(separator: ", "),
        operatorName: Swift.type(of: node.op).name, type: graph.type(of: node.results[0]),
        parameterCount: cost.parameterCount, statisticCount: cost.statisticCount,
        multiplyAccumulateCount: cost.multiplyAccumulateCount)
    }
    layers = inputs + nodes
    parameterCount = costs.parameterCount
    statisticCount = costs.statisticCount
    multiplyAccumulateCount = costs.multiplyAccumulateCount
    parameterByteCount = graph.parameters.reduce(0) { $0.addedSaturating(graph.type(of: $1).byteCount) }
    let computed = graph.nodes.filter { !$0.op.keepsRowMajorOrder }.flatMap(\.results)
    activationByteCount = computed.reduce(0) { $0.addedSaturating(graph.type(of: $1).byteCount) }
    arenaByteCount = program?.arenaByteCount
    arenaLowerBound = program?.arenaLowerBound
  }

  /// For people.
  package var text: String {
    let rows = layers.map { layer in
      let isInput = layer.operatorName == "input"
      return [
        layer.name, layer.operatorName, layer.shapeText,
        isInput ? "-" : HumanUnits.grouped(layer.parameterCount),
        isInput ? "-" : HumanUnits.grouped(layer.multiplyAccumulateCount),
      ]
    }
    let total = [
      "total", "", "", HumanUnits.grouped(parameterCount), HumanUnits.grouped(multiplyAccumulateCount),
    ]
    let table = TextTable(
      header: ["layer", "operator", "output", "parameters", "MACs"], rows: rows, footer: total,
      rightAligned: [3, 4])
    return "\(name)\n\n\(table.text)\n\(totals)"
  }

  private var totals: String {
    let statistics = statisticCount == 0 ? "" : " and \(HumanUnits.grouped(statisticCount)) statistics"
    var lines = [
      [
        "parameters",
        "\(HumanUnits.grouped(parameterCount))\(statistics), \(HumanUnits.bytes(parameterByteCount))",
      ],
      ["multiply-accumulates", HumanUnits.grouped(multiplyAccumulateCount)],
      ["activations", "\(HumanUnits.bytes(activationByteCount)) if each value had its own memory"],
    ]
    if let peak = arenaByteCount, let bound = arenaLowerBound {
      let ratio = HumanUnits.ratio(peak, bound)
      lines.append(
        ["arena", "\(HumanUnits.bytes(peak)), lower bound \(HumanUnits.bytes(bound)), ratio \(ratio)"])
    }
    return TextTable(rows: lines).text
  }

  /// For machines.
  package var json: JSON {
    let rows = layers.map { layer in
      JSON.object([
        ("name", .string(layer.name)), ("operator", .string(layer.operatorName)),
        ("element", .string(layer.type.element.rawValue)), ("shape", .array(layer.type.shape.map(JSON.int))),
        ("parameters", .int(layer.parameterCount)), ("statistics", .int(layer.statisticCount)),
        ("macs", .int(layer.multiplyAccumulateCount)),
      ])
    }
    return .object([
      ("name", .string(name)), ("layers", .array(rows)), ("parameters", .int(parameterCount)),
      ("parameterBytes", .int(parameterByteCount)), ("statistics", .int(statisticCount)),
      ("macs", .int(multiplyAccumulateCount)), ("activationBytes", .int(activationByteCount)),
      ("arenaBytes", arenaByteCount.map(JSON.int) ?? .null),
      ("arenaLowerBound", arenaLowerBound.map(JSON.int) ?? .null),
    ])
  }
}

extension ModelSummary.Layer {
  /// `[1, 6, 28, 28]`, after the element type unless it is the usual f32.
  fileprivate var shapeText: String {
    let extents = "[\(type.shape.map(String.init).joined(separator: ", "))]"
    return type.element == .f32 ? extents : type.element.rawValue + extents
  }
}
