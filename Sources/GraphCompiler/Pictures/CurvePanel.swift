/// Curves over the epochs, with their axes.
struct CurvePanel: Sendable {
  let caption: String
  let curves: [[Double]]
  /// Where the curves are drawn; the numbers of the axes stand left of it and below.
  let frame: Rect
  private let scale: NumberAxis
  private let epochs: NumberAxis

  private static let axisFont = SVG.Font(size: 10.5, color: Palette.faded, anchor: .end)
  private static let epochFont = SVG.Font(size: 10.5, color: Palette.faded, anchor: .middle)
  private static let captionFont = SVG.Font(size: 12, color: Palette.faded, anchor: .middle)
  static let bestStyle = SVG.Style(fill: "#fff", stroke: Palette.accent, strokeWidth: 2)

  init(caption: String, curves: [[Double]], frame: Rect) {
    self.caption = caption
    self.curves = curves
    self.frame = frame
    let finite = curves.joined().filter(\.isFinite)
    scale = NumberAxis(from: finite.min() ?? 0, to: finite.max() ?? 1, ticks: 6)
    let count = curves.map(\.count).max() ?? 0
    epochs = NumberAxis(from: 1, to: Double(max(count, 2)), ticks: 10, areWhole: true, isTight: true)
  }

  func draw(bestEpoch: Int?, _ svg: inout SVG) {
    for tick in scale.ticks {
      let y = y(tick)
      svg.line(Point(frame.x, y), Point(frame.right, y), SVG.Style(stroke: Palette.hairline))
      svg.text(HumanUnits.rounded(tick, digits: 4), at: Point(frame.x - 8, y + 3.5), Self.axisFont)
    }
    for tick in epochs.ticks {
      svg.text(HumanUnits.rounded(tick), at: Point(x(tick), frame.bottom + 16), Self.epochFont)
    }
    svg.text("epoch", at: Point(frame.center.x, frame.bottom + 34), Self.captionFont)
    svg.text(caption, at: Point(frame.x - 42, frame.center.y), Self.captionFont, quarterTurns: 1)
    for (values, color) in zip(curves, LearningCurvePicture.colors) { draw(values, color, &svg) }
    guard let bestEpoch, let values = curves.last, values.indices.contains(bestEpoch - 1),
      values[bestEpoch - 1].isFinite
    else { return }
    let (x, y) = (x(Double(bestEpoch)), y(values[bestEpoch - 1]))
    svg.rectangle(Rect(x - 5, y - 5, 10, 10), Self.bestStyle, radius: 5)
  }

  private func draw(_ values: [Double], _ color: String, _ svg: inout SVG) {
    var path = SVG.Path()
    var isDrawing = false
    for (place, value) in values.enumerated() {
      guard value.isFinite else {
        isDrawing = false
        continue
      }
      let point = Point(x(Double(place + 1)), y(value))
      if isDrawing { path.line(point) } else { path.move(point) }
      isDrawing = true
    }
    svg.draw(path, SVG.Style(stroke: color, strokeWidth: 2))
    // Where there are few epochs, each has a point.
    guard values.count <= 30 else { return }
    for (place, value) in values.enumerated() where value.isFinite {
      let (x, y) = (x(Double(place + 1)), y(value))
      svg.rectangle(Rect(x - 2.5, y - 2.5, 5, 5), SVG.Style(fill: color), radius: 2.5)
    }
  }

  private func x(_ epoch: Double) -> Double {
    frame.x + frame.width * (epoch - epochs.start) / (epochs.end - epochs.start)
  }

  private func y(_ value: Double) -> Double {
    frame.bottom - frame.height * (value - scale.start) / (scale.end - scale.start)
  }
}

/// An axis whose ticks are 1, 2 or 5 times a power of ten apart.
struct NumberAxis: Sendable {
  let start: Double
  let end: Double
  let ticks: [Double]

  /// - Parameters:
  ///   - ticks: about so many, never more than twice as many.
  ///   - areWhole: ticks are whole numbers.
  ///   - isTight: the axis ends at the given numbers, and not at the ticks around them.
  init(
    from low: Double, to high: Double, ticks count: Int, areWhole: Bool = false, isTight: Bool = false
  ) {
    let span = high - low
    // Beyond this, neighbors are the same number.
    let isFlat = !(span > abs(high) * 1e-9) || !span.isFinite
    let (low, high) = isFlat ? (low - Self.halfWidth(low), low + Self.halfWidth(low)) : (low, high)
    let step = max(Self.roundStep((high - low) / Double(count)), areWhole ? 1 : 0)
    let first = (low / step).rounded(isTight ? .up : .down)
    let last = (high / step).rounded(isTight ? .down : .up)
    ticks = last >= first ? stride(from: first, through: last, by: 1).map { $0 * step } : []
    start = isTight ? low : first * step
    end = isTight ? high : last * step
  }

  private static func halfWidth(_ value: Double) -> Double { max(abs(value) * 0.1, 0.01) }

  private static func roundStep(_ step: Double) -> Double {
    var power = 1.0
    while power * 10 <= step { power *= 10 }
    while power > step { power /= 10 }
    return power * (step / power <= 1.5 ? 1 : step / power <= 3.5 ? 2 : step / power <= 7.5 ? 5 : 10)
  }
}
