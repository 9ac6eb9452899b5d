/// Marks of a scale of bytes, from 0 in round binary steps.
struct ByteAxis: Hashable, Sendable {
  let ticks: [Int]
  /// Bytes at the end of the scale, a little above the largest value.
  let end: Int

  init(upTo limit: Int) {
    var step = 1
    while limit / step > 6 { step <<= 1 }
    ticks = Array(stride(from: 0, through: limit, by: step))
    end = limit + max(limit / 40, 1)
  }
}

/// Name and size inside a rectangle: on two lines, on one, or upright, as they fit.
struct BlockLabel {
  private enum Form { case twoLines, oneLine, upright, nameOnly }

  private let name: String
  private let bytes: String
  private let frame: Rect
  private let form: Form

  private static let nameFont = SVG.Font(size: 10.5, anchor: .middle)
  private static let sizeFont = SVG.Font(size: 9.5, color: Palette.faded, anchor: .middle)
  private static let inset = 6.0

  /// Nil where not even the name fits.
  init?(_ name: String, _ bytes: String, in frame: Rect) {
    (self.name, self.bytes, self.frame) = (name, bytes, frame)
    let width = TextWidth.width(name, Self.nameFont)
    let sizeWidth = TextWidth.width(bytes, Self.sizeFont)
    let (across, along) = (frame.width - Self.inset, frame.height - Self.inset)
    if max(width, sizeWidth) <= across, along >= 24 {
      form = .twoLines
    } else if width + 6 + sizeWidth <= across, along >= 7 {
      form = .oneLine
    } else if width + 6 + sizeWidth <= along, across >= 7 {
      form = .upright
    } else if width <= across, along >= 7 {
      form = .nameOnly
    } else {
      return nil
    }
  }

  /// Behind the text, lines that cross the rectangle are covered.
  func draw(background: String, _ svg: inout SVG) {
    let (center, style) = (frame.center, SVG.Style(fill: background))
    let text = form == .nameOnly ? name : "\(name)  \(bytes)"
    let width = TextWidth.width(form == .twoLines ? name : text, Self.nameFont)
    switch form {
    case .twoLines:
      let widest = max(width, TextWidth.width(bytes, Self.sizeFont))
      svg.rectangle(Rect(center.x - widest / 2, center.y - 11, widest, 24), style)
      svg.text(name, at: center.moved(0, -2), Self.nameFont)
      svg.text(bytes, at: center.moved(0, 10.5), Self.sizeFont)
    case .oneLine, .nameOnly:
      let height = min(frame.height - 2, 12)
      svg.rectangle(Rect(center.x - width / 2, center.y - height / 2, width, height), style)
      svg.text(text, at: center.moved(0, 3.5), Self.nameFont)
    case .upright:
      let height = min(frame.width - 2, 12)
      svg.rectangle(Rect(center.x - height / 2, center.y - width / 2, height, width), style)
      svg.text(text, at: center.moved(3.5, 0), Self.nameFont, quarterTurns: 1)
    }
  }
}
