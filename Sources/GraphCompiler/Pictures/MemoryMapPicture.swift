/// The arena over time, as SVG: a column for each step, a rectangle for each buffer from the step that fills
/// it to the last one that reads it, and lines at the arena's size and at the least that any plan needs.
package struct MemoryMapPicture: Sendable {
  private let map: MemoryMap
  private let name: String
  private let axis: ByteAxis
  /// Where the rectangles are drawn.
  private let plot: Rect
  private let size: Size
  private let labelDepth: Double

  private static let margin = 24.0
  private static let headHeight = 84.0
  private static let plotHeight = 460.0
  private static let titleFont = SVG.Font(size: 20, isBold: true)
  private static let textFont = SVG.Font(size: 12, color: Palette.faded)
  private static let axisFont = SVG.Font(size: 10.5, color: Palette.faded, anchor: .end)
  private static let legendFont = SVG.Font(size: 11)
  private static let lineFont = SVG.Font(size: 11, color: Palette.accent, isBold: true)

  /// Buffers that have no place yet are left out.
  package init(_ program: Program) {
    map = MemoryMap(program)
    name = program.name
    axis = ByteAxis(upTo: max(map.arenaByteCount, 1))
    let tickWidth = axis.ticks.map { TextWidth.width(HumanUnits.bytes($0), Self.axisFont) }.max() ?? 0
    let left = Self.margin + 20 + tickWidth + 8
    let stepWidth = min(max(980 / Double(max(map.steps.count, 1)), 13), 74)
    let width = stepWidth * Double(max(map.steps.count, 1))
    plot = Rect(left, Self.margin + Self.headHeight, max(width, 420), Self.plotHeight)
    let labels = map.steps.map { TextWidth.width($0.label, Self.axisFont) }
    labelDepth = min(labels.max() ?? 0, 130)
    let header = TextWidth.width(Self.figures(map), Self.textFont)
    let right = max(plot.right + 84, Self.margin + header)
    size = Size(right + Self.margin, plot.bottom + labelDepth + 44 + Self.margin)
  }

  package var svg: String {
    var svg = SVG(size: size, title: "\(name): memory")
    drawHead(&svg)
    drawAxes(&svg)
    let frames = self.frames
    for (block, frame) in zip(map.blocks, frames) { draw(block, frame, &svg) }
    drawLines(&svg)
    for (block, frame) in zip(map.blocks, frames) {
      let colors = Palette.colors(block.workClass)
      BlockLabel(block.name, HumanUnits.bytes(block.byteCount), in: frame)?.draw(
        background: colors.fill, &svg)
    }
    return svg.text
  }

  /// The rectangles, one for each block of the map.
  var frames: [Rect] {
    map.blocks.map { block in
      let (top, bottom) = (y(block.offset + block.byteCount), y(block.offset))
      return Rect(x(block.first), top, x(block.last + 1) - x(block.first), bottom - top)
    }
  }

  private func x(_ step: Int) -> Double {
    plot.x + plot.width * Double(step) / Double(max(map.steps.count, 1))
  }

  private func y(_ offset: Int) -> Double {
    plot.bottom - plot.height * Double(offset) / Double(axis.end)
  }

  // MARK: Head

  private static func figures(_ map: MemoryMap) -> String {
    let peak = HumanUnits.bytes(map.arenaByteCount)
    let bound = HumanUnits.bytes(map.lowerBound)
    return [
      "arena \(peak)", "lower bound \(bound)",
      "ratio \(HumanUnits.ratio(map.arenaByteCount, map.lowerBound))",
      "besides: parameters \(HumanUnits.bytes(map.parameterByteCount))",
      "inputs and outputs \(HumanUnits.bytes(map.callerByteCount))",
    ].joined(separator: "  ·  ")
  }

  private func drawHead(_ svg: inout SVG) {
    let origin = Point(Self.margin, Self.margin)
    svg.text("\(name): memory over time", at: origin.moved(0, 17), Self.titleFont)
    svg.text(Self.figures(map), at: origin.moved(0, 38), Self.textFont)
    svg.text("filled by", at: origin.moved(0, 63), Self.legendFont)
    var x = origin.x + TextWidth.width("filled by", Self.legendFont) + 8
    for kind in WorkClass.allCases where map.blocks.contains(where: { $0.workClass == kind }) {
      let colors = Palette.colors(kind)
      svg.rectangle(
        Rect(x, origin.y + 53, 18, 12), SVG.Style(fill: colors.fill, stroke: colors.stroke), radius: 2)
      svg.text(kind.label, at: Point(x + 24, origin.y + 63), Self.legendFont)
      x += 24 + TextWidth.width(kind.label, Self.legendFont) + 14
    }
    svg.line(Point(x, origin.y + 59), Point(x + 18, origin.y + 59), Self.liveStyle)
    svg.text("bytes alive", at: Point(x + 24, origin.y + 63), Self.legendFont)
  }

  // MARK: Axes

  private func drawAxes(_ svg: inout SVG) {
    for tick in axis.ticks {
      svg.line(Point(plot.x, y(tick)), Point(plot.right, y(tick)), SVG.Style(stroke: Palette.hairline))
      svg.text(HumanUnits.bytes(tick), at: Point(plot.x - 8, y(tick) + 3.5), Self.axisFont)
    }
    for (step, info) in map.steps.enumerated() {
      let middle = (x(step) + x(step + 1)) / 2
      let label = TextWidth.clipped(info.label, to: labelDepth, Self.axisFont)
      svg.group(tooltip: "step \(step + 1): \(info.kernel), \(HumanUnits.bytes(info.liveByteCount)) alive") {
        svg in
        svg.line(Point(middle, plot.bottom), Point(middle, plot.bottom + 4), SVG.Style(stroke: Palette.line))
        svg.text(label, at: Point(middle + 3.5, plot.bottom + 9), Self.axisFont, quarterTurns: 1)
      }
    }
    let ink = SVG.Style(stroke: Palette.ink)
    svg.line(Point(plot.x, plot.bottom), Point(plot.right, plot.bottom), ink)
    svg.line(Point(plot.x, plot.y), Point(plot.x, plot.bottom), ink)
    let font = SVG.Font(size: 11, anchor: .middle)
    svg.text("steps, in order", at: Point(plot.center.x, plot.bottom + labelDepth + 32), font)
    svg.text("place in the arena", at: Point(Self.margin + 11, plot.center.y), font, quarterTurns: 1)
  }

  // MARK: Content

  private func draw(_ block: MemoryMap.Block, _ frame: Rect, _ svg: inout SVG) {
    let colors = Palette.colors(block.workClass)
    let life =
      block.first == block.last ? "step \(block.first + 1)" : "steps \(block.first + 1) to \(block.last + 1)"
    let place = "\(HumanUnits.grouped(block.byteCount)) bytes at \(HumanUnits.grouped(block.offset)), \(life)"
    svg.group(tooltip: "\(block.name): \(block.type)\n\(place)") { svg in
      svg.rectangle(frame, SVG.Style(fill: colors.fill, stroke: colors.stroke, strokeWidth: 0.8), radius: 1.5)
    }
  }

  private static let liveStyle = SVG.Style(stroke: Palette.ink, strokeWidth: 1.3, dashes: [2, 2])

  /// The bytes alive at each step, the arena's size and the lower bound.
  private func drawLines(_ svg: inout SVG) {
    if map.steps.isEmpty { return }
    var path = SVG.Path()
    for (step, info) in map.steps.enumerated() {
      let level = y(info.liveByteCount)
      if step == 0 { path.move(Point(x(0), level)) } else { path.line(Point(x(step), level)) }
      path.line(Point(x(step + 1), level))
    }
    svg.draw(path, Self.liveStyle)
    let (peak, bound) = (y(map.arenaByteCount), y(map.lowerBound))
    let style = SVG.Style(stroke: Palette.accent, strokeWidth: 1.4)
    svg.line(Point(plot.x, peak), Point(plot.right, peak), style)
    if map.arenaByteCount == map.lowerBound {
      svg.text("arena =", at: Point(plot.right + 7, peak), Self.lineFont)
      svg.text("lower bound", at: Point(plot.right + 7, peak + 13), Self.lineFont)
      return
    }
    svg.line(
      Point(plot.x, bound), Point(plot.right, bound),
      SVG.Style(stroke: Palette.accent, strokeWidth: 1.4, dashes: [6, 4]))
    svg.text("arena", at: Point(plot.right + 7, min(peak + 3, bound - 9)), Self.lineFont)
    svg.text("lower bound", at: Point(plot.right + 7, bound + 4), Self.lineFont)
  }
}
