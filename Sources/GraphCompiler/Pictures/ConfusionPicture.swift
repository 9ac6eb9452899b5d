/// Which classes are taken for which, as SVG: a row for each true class, a column for each class that was said.
package struct ConfusionPicture: Sendable {
  private let title: String
  private let counts: [[Int]]
  private let names: [String]
  private let cell: Double
  private let labelWidth: Double

  private static let margin = 24.0
  private static let headHeight = 56.0
  private static let titleFont = SVG.Font(size: 20, isBold: true)
  private static let figuresFont = SVG.Font(size: 12, color: Palette.faded)
  private static let nameFont = SVG.Font(size: 11)
  private static let rightColor: [Double] = [47, 108, 168]
  private static let wrongColor: [Double] = [179, 38, 30]
  /// Smaller cells hold no numbers.
  private static let numberedCell = 24.0

  /// - Parameter counts: `counts[truth][said]`; as many rows and columns as names.
  package init(title: String, counts: [[Int]], names: [String]) {
    precondition(
      counts.count == names.count && counts.allSatisfy { $0.count == names.count }, "a square of counts")
    self.title = title
    self.counts = counts
    self.names = names
    cell = min(max(640 / Double(max(names.count, 1)), 3), 46)
    let widest = names.map { TextWidth.width($0, Self.nameFont) }.max() ?? 0
    labelWidth = cell >= 11 ? min(widest, 140) + 8 : 0
  }

  package var svg: String {
    let extent = cell * Double(names.count)
    let head = Self.margin + Self.headHeight
    let (left, top) = (Self.margin + labelWidth + 18, head + labelWidth + 18)
    let titleWidth = max(TextWidth.width(title, Self.titleFont), TextWidth.width(figures, Self.figuresFont))
    let width = max(left + extent + 64, Self.margin + titleWidth) + Self.margin
    var svg = SVG(size: Size(width, top + extent + Self.margin), title: title)
    svg.text(title, at: Point(Self.margin, Self.margin + 17), Self.titleFont)
    svg.text(figures, at: Point(Self.margin, Self.margin + 38), Self.figuresFont)
    svg.text("said", at: Point(left + extent / 2, head + 8), centered(Self.figuresFont))
    svg.text(
      "true", at: Point(Self.margin + 8, top + extent / 2), centered(Self.figuresFont), quarterTurns: 1)
    for row in names.indices {
      drawLabels(row, left, top, extent, &svg)
      for column in names.indices { draw(row, column, left, top, &svg) }
    }
    svg.rectangle(Rect(left, top, extent, extent), SVG.Style(stroke: Palette.line))
    return svg.text
  }

  private var figures: String {
    let right = names.indices.reduce(0) { $0 + counts[$1][$1] }
    let all = counts.joined().reduce(0, +)
    return
      "\(HumanUnits.grouped(right)) of \(HumanUnits.grouped(all)) right; behind each row the share of it that is right"
  }

  private func drawLabels(_ row: Int, _ left: Double, _ top: Double, _ extent: Double, _ svg: inout SVG) {
    guard labelWidth > 0 else { return }
    let middle = (Double(row) + 0.5) * cell
    let name = TextWidth.clipped(names[row], to: labelWidth - 8, Self.nameFont)
    var font = Self.nameFont
    svg.text(name, at: Point(left + middle + 4, top - 6), font, quarterTurns: 1)
    font.anchor = .end
    svg.text(name, at: Point(left - 6, top + middle + 4), font)
    let all = counts[row].reduce(0, +)
    guard all > 0 else { return }
    let permille = (counts[row][row] * 1000 + all / 2) / all
    let share = "\(permille / 10).\(permille % 10) %"
    svg.text(share, at: Point(left + extent + 8, top + middle + 4), SVG.Font(size: 11, color: Palette.faded))
  }

  private func draw(_ row: Int, _ column: Int, _ left: Double, _ top: Double, _ svg: inout SVG) {
    let count = counts[row][column]
    if count == 0 { return }
    let all = counts[row].reduce(0, +)
    let share = Double(count) / Double(all)
    // Mistakes are rare: their square root shows which are frequent.
    let weight = row == column ? share : share.squareRoot()
    let color = Self.mixed(row == column ? Self.rightColor : Self.wrongColor, weight)
    let frame = Rect(left + Double(column) * cell, top + Double(row) * cell, cell, cell)
    svg.group(tooltip: "\(names[row]) said to be \(names[column]): \(count)") { svg in
      svg.rectangle(frame, SVG.Style(fill: color, isCrisp: true))
      guard cell >= Self.numberedCell else { return }
      let digits = String(count)
      let size = min(12, cell * 1.5 / Double(max(digits.count, 1)))
      let font = SVG.Font(size: size, color: weight > 0.55 ? "#fff" : Palette.ink, anchor: .middle)
      svg.text(digits, at: Point(frame.center.x, frame.center.y + size * 0.35), font)
    }
  }

  private func centered(_ font: SVG.Font) -> SVG.Font {
    var copy = font
    copy.anchor = .middle
    return copy
  }

  /// White and a color, mixed.
  private static func mixed(_ color: [Double], _ share: Double) -> String {
    let digits = color.map { part -> String in
      let level = Int((255 + (part - 255) * min(max(share, 0), 1)).rounded())
      return (level < 16 ? "0" : "") + String(level, radix: 16)
    }
    return "#" + digits.joined()
  }
}
