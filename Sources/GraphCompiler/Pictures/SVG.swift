import SourceText

/// Scalable vector graphics in the making. The same calls give the same bytes: numbers have at most two
/// decimals, and attributes stand on the elements, where every viewer and converter understands them.
struct SVG {
  /// How a shape looks.
  struct Style: Hashable, Sendable {
    var fill: String?
    var stroke: String?
    var strokeWidth = 1.0
    /// Lengths of dashes and gaps; empty for a full line.
    var dashes: [Double] = []
    /// Edges fall on whole pixels of the screen, so that neighbors show no seam.
    var isCrisp = false
  }

  /// How a text looks; `anchor` says which part of it stands at the given point.
  struct Font: Hashable, Sendable {
    enum Anchor: String, Sendable { case start, middle, end }

    var size: Double
    var color = Palette.ink
    var isBold = false
    var anchor = Anchor.start
  }

  private var writer = TextWriter()
  private let size: Size
  private let title: String

  /// A white page.
  init(size: Size, title: String) {
    self.size = size
    self.title = title
    rectangle(Rect(0, 0, size.width, size.height), Style(fill: "#fff"))
  }

  var text: String {
    var page = TextWriter()
    let (width, height) = (Self.number(size.width), Self.number(size.height))
    page.line("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
    page.block(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\""
        + " viewBox=\"0 0 \(width) \(height)\" font-family=\"\(TextWidth.fontFamily)\">", closing: "</svg>"
    ) { page in
      page.line("<title>\(Self.escaped(title))</title>")
      page.lines(writer.text.dropLast().split(separator: "\n").map(String.init))
    }
    return page.text
  }

  /// Shapes that belong together; the tooltip shows when the pointer rests on any of them.
  mutating func group(tooltip: String? = nil, _ body: (inout SVG) -> Void) {
    writer.line("<g>")
    if let tooltip { writer.line("<title>\(Self.escaped(tooltip))</title>") }
    body(&self)
    writer.line("</g>")
  }

  mutating func rectangle(_ frame: Rect, _ style: Style, radius: Double = 0) {
    let place = "x=\"\(Self.number(frame.x))\" y=\"\(Self.number(frame.y))\""
    let extent = "width=\"\(Self.number(frame.width))\" height=\"\(Self.number(frame.height))\""
    let corners = radius > 0 ? " rx=\"\(Self.number(radius))\"" : ""
    writer.line("<rect \(place) \(extent)\(corners)\(Self.attributes(style))/>")
  }

  mutating func line(_ start: Point, _ end: Point, _ style: Style) {
    var path = Path()
    path.move(start)
    path.line(end)
    draw(path, style)
  }

  mutating func draw(_ path: Path, _ style: Style) {
    writer.line("<path d=\"\(path.commands)\"\(Self.attributes(style))/>")
  }

  /// One line of text on the base line through a point; quarter turns are counted counterclockwise.
  mutating func text(_ content: String, at point: Point, _ font: Font, quarterTurns: Int = 0) {
    var attributes = " x=\"\(Self.number(point.x))\" y=\"\(Self.number(point.y))\""
    attributes += " font-size=\"\(Self.number(font.size))\" fill=\"\(font.color)\""
    if font.isBold { attributes += " font-weight=\"bold\"" }
    if font.anchor != .start { attributes += " text-anchor=\"\(font.anchor.rawValue)\"" }
    if quarterTurns != 0 {
      let turn = "rotate(\(-90 * quarterTurns) \(Self.number(point.x)) \(Self.number(point.y)))"
      attributes += " transform=\"\(turn)\""
    }
    writer.line("<text\(attributes)>\(Self.escaped(content))</text>")
  }

  private static func attributes(_ style: Style) -> String {
    var text = " fill=\"\(style.fill ?? "none")\""
    if let stroke = style.stroke {
      text += " stroke=\"\(stroke)\""
      if style.strokeWidth != 1 { text += " stroke-width=\"\(number(style.strokeWidth))\"" }
    }
    if !style.dashes.isEmpty {
      text += " stroke-dasharray=\"\(style.dashes.map(number).joined(separator: " "))\""
    }
    if style.isCrisp { text += " shape-rendering=\"crispEdges\"" }
    return text
  }

  /// At most two decimals, no trailing zeros, never `-0`.
  static func number(_ value: Double) -> String {
    let hundredths = Int((min(max(value, -1e9), 1e9) * 100).rounded())
    let (whole, rest) = abs(hundredths).quotientAndRemainder(dividingBy: 100)
    let sign = hundredths < 0 ? "-" : ""
    if rest == 0 { return "\(sign)\(whole)" }
    let digits = rest < 10 ? "0\(rest)" : rest.isMultiple(of: 10) ? "\(rest / 10)" : "\(rest)"
    return "\(sign)\(whole).\(digits)"
  }

  /// Text as XML allows it; line ends become character references, other control characters are dropped.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n": result += "&#10;"
      case "\u{0}"..<"\u{20}", "\u{7f}"..."\u{9f}", "\u{fffe}", "\u{ffff}": break
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension SVG {
  /// A line of straight and curved pieces.
  struct Path: Hashable, Sendable {
    private(set) var commands = ""

    mutating func move(_ point: Point) { add("M", [point]) }

    mutating func line(_ point: Point) { add("L", [point]) }

    /// A cubic Bézier curve.
    mutating func curve(_ first: Point, _ second: Point, _ end: Point) { add("C", [first, second, end]) }

    /// A curve that leaves along one axis and arrives along the other.
    mutating func corner(_ corner: Point, _ end: Point) { add("Q", [corner, end]) }

    mutating func close() { commands += "Z" }

    mutating func addSquare(_ corner: Point, _ side: Double) {
      move(corner)
      let length = SVG.number(side)
      commands += "h\(length)v\(length)h-\(length)z"
    }

    private mutating func add(_ letter: String, _ points: [Point]) {
      let numbers = points.map { "\(SVG.number($0.x)) \(SVG.number($0.y))" }
      commands += letter + numbers.joined(separator: " ")
    }
  }
}
