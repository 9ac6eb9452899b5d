/// The name and the shape of an input, an output, or a value that goes on in the next column.
struct ValuePill: Sendable {
  private let name: String
  private let shape: String
  private let tooltip: String
  private let isPassage: Bool

  private static let nameFont = SVG.Font(size: 12, isBold: true)
  private static let passageFont = SVG.Font(size: 10.5, color: Palette.faded)
  private static let shapeFont = SVG.Font(size: 10.5, anchor: .end)

  /// An input or an output.
  init(_ value: Value, _ name: String, in graph: Graph) {
    self.init(value, name, in: graph, isPassage: false)
  }

  init(passing value: Value, in graph: Graph) {
    self.init(value, graph[value].name, in: graph, isPassage: true)
  }

  private init(_ value: Value, _ name: String, in graph: Graph, isPassage: Bool) {
    let type = graph.type(of: value)
    self.name = TextWidth.clipped(name, to: 200, Self.nameFont)
    self.isPassage = isPassage
    shape = type.picturedShape
    tooltip = "\(name): \(type), \(HumanUnits.bytes(type.byteCount))"
  }

  private var font: SVG.Font { isPassage ? Self.passageFont : Self.nameFont }

  var size: Size {
    let text = TextWidth.width(name, font) + 10 + TextWidth.width(shape, Self.shapeFont)
    return Size(text + 30, isPassage ? 22 : 27)
  }

  func draw(_ frame: Rect, _ svg: inout SVG) {
    let stroke = isPassage ? Palette.line : Palette.ink
    let style = SVG.Style(fill: "#fff", stroke: stroke, strokeWidth: 1.2, dashes: isPassage ? [5, 3] : [])
    let baseline = frame.center.y + 4
    svg.group(tooltip: tooltip) { svg in
      svg.rectangle(frame, style, radius: frame.height / 2)
      svg.text(name, at: Point(frame.x + 15, baseline), font)
      svg.text(shape, at: Point(frame.right - 15, baseline), Self.shapeFont)
    }
  }
}
