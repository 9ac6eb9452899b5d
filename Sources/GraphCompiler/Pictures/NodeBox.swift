import LoopIR

/// A box of the picture of a graph: one node, in two or three lines.
///
///     conv              conv1        operator, value
///     w 6×1×5×5 · pad 2              weights, attributes that are not the usual ones
///     1×6×28×28    156 params        result, parameters
struct NodeBox: Sendable {
  let operatorName: String
  let valueName: String
  let details: String
  let shape: String
  let parameters: String
  let tooltip: String
  let workClass: WorkClass
  /// No kernel runs: the result is the operand's memory under another shape.
  let isView: Bool

  static let widths = 116.0...256.0
  private static let inset = 9.0
  private static let operatorFont = SVG.Font(size: 12, isBold: true)
  private static let nameFont = SVG.Font(size: 10.5, color: Palette.faded, anchor: .end)
  private static let detailFont = SVG.Font(size: 9.5, color: Palette.faded)
  private static let shapeFont = SVG.Font(size: 10.5)
  private static let countFont = SVG.Font(size: 10.5, anchor: .end)

  init(_ node: Node, _ cost: GraphCosts.Cost, in graph: Graph) {
    operatorName = type(of: node.op).name
    valueName = Self.names(node.results.map { graph[$0].name })
    details = node.details(in: graph)
    shape = Self.shapes(graph.types(of: node.results))
    let count = cost.parameterCount
    parameters = count == 0 ? "" : "\(HumanUnits.grouped(count)) param\(count == 1 ? "" : "s")"
    workClass = cost.workClass
    isView = node.op.keepsRowMajorOrder
    tooltip = Self.tooltip(node, cost, in: graph)
  }

  /// `a`, `a, b`, `a … f`
  private static func names(_ names: [String]) -> String {
    names.count > 2 ? "\(names[0]) … \(names[names.count - 1])" : names.joined(separator: ", ")
  }

  /// Equal shapes of several results are written once: `6 of 1×1×14×14`.
  private static func shapes(_ types: [TensorType]) -> String {
    if types.count > 1, Set(types).count == 1 { return "\(types.count) of \(types[0].picturedShape)" }
    return types.map(\.picturedShape).joined(separator: ", ")
  }

  private static func tooltip(_ node: Node, _ cost: GraphCosts.Cost, in graph: Graph) -> String {
    var lines = [node.statement(in: graph)]
    lines += node.results.map { "\(graph[$0].name): \(graph.type(of: $0))" }
    if cost.parameterCount > 0 { lines.append("\(HumanUnits.grouped(cost.parameterCount)) parameters") }
    if cost.statisticCount > 0 { lines.append("\(HumanUnits.grouped(cost.statisticCount)) statistics") }
    if cost.multiplyAccumulateCount > 0 {
      lines.append("\(HumanUnits.grouped(cost.multiplyAccumulateCount)) multiply-accumulates")
    }
    return lines.joined(separator: "\n")
  }

  /// Width at which nothing is cut off.
  var naturalWidth: Double {
    let first =
      TextWidth.width(operatorName, Self.operatorFont) + 12 + TextWidth.width(valueName, Self.nameFont)
    let second = TextWidth.width(details, Self.detailFont)
    let gap = parameters.isEmpty ? 0.0 : 12
    let third = TextWidth.width(shape, Self.shapeFont) + gap + TextWidth.width(parameters, Self.countFont)
    return max(first, second, third) + 2 * Self.inset
  }

  var height: Double { details.isEmpty ? 38 : 51 }

  func draw(_ frame: Rect, _ svg: inout SVG) {
    let colors = Palette.colors(workClass)
    let (left, right) = (frame.x + Self.inset, frame.right - Self.inset)
    svg.group(tooltip: tooltip) { svg in
      svg.rectangle(
        frame, SVG.Style(fill: colors.fill, stroke: colors.stroke, dashes: isView ? [4, 3] : []), radius: 4)
      svg.text(operatorName, at: Point(left, frame.y + 16), Self.operatorFont)
      let room = right - left - TextWidth.width(operatorName, Self.operatorFont) - 10
      svg.text(
        TextWidth.clipped(valueName, to: room, Self.nameFont), at: Point(right, frame.y + 16), Self.nameFont)
      if !details.isEmpty {
        svg.text(
          TextWidth.clipped(details, to: right - left, Self.detailFont), at: Point(left, frame.y + 29.5),
          Self.detailFont)
      }
      let shapeRoom =
        right - left - (parameters.isEmpty ? 0 : TextWidth.width(parameters, Self.countFont) + 8)
      svg.text(
        TextWidth.clipped(shape, to: shapeRoom, Self.shapeFont), at: Point(left, frame.bottom - 8),
        Self.shapeFont)
      if !parameters.isEmpty { svg.text(parameters, at: Point(right, frame.bottom - 8), Self.countFont) }
    }
  }
}

extension Node {
  /// Shapes of weights, numbers among the operands, and attributes that are not the usual ones.
  fileprivate func details(in graph: Graph) -> String {
    let declared = type(of: op).operands
    var parts: [String] = []
    for (place, operand) in operands.enumerated() {
      let name = declared[min(place, declared.count - 1)].name
      switch graph[operand].source {
      case .parameter where graph.type(of: operand).rank > 1:
        parts.append("\(name) \(graph.type(of: operand).picturedShape)")
      case .constant(let data) where data.type.count == 1:
        parts += data.doubles.map { "\(name) = \(HumanUnits.rounded($0))" }
      default: break
      }
    }
    parts += op.writtenAttributes(graph.types(of: operands)).map { "\($0.name) \($0.value.abbreviation)" }
    return parts.joined(separator: " · ")
  }
}

extension Attribute {
  /// Short form for pictures: a list of equal numbers is one number.
  fileprivate var abbreviation: String {
    switch self {
    case .list(let values):
      if let first = values.first, values.allSatisfy({ $0 == first }) { return first.abbreviation }
      return values.map(\.abbreviation).joined(separator: ",")
    case .string(let value): return value
    case .float(let value): return HumanUnits.rounded(value)
    case .int, .bool: return description
    }
  }
}
