import Foundation

/// The roofline of a machine with the kernels of a network under it: GFLOP/s over operations per byte, both on
/// logarithmic axes (Williams, Waterman, Patterson: "Roofline", 2009).
package struct RooflinePicture: Sendable {
  /// A kernel.
  package struct Dot: Sendable {
    package var tooltip: String
    /// Operations per byte.
    package var intensity: Double
    package var gigaflops: Double
    /// Of the time of the network, from 0 to 1: the area of the dot.
    package var share: Double
    package var workClass: WorkClass

    package init(
      tooltip: String, intensity: Double, gigaflops: Double, share: Double, workClass: WorkClass
    ) {
      self.tooltip = tooltip
      self.intensity = intensity
      self.gigaflops = gigaflops
      self.share = share
      self.workClass = workClass
    }

    /// What has no place on logarithmic axes is not drawn.
    fileprivate var isDrawn: Bool {
      intensity > 0 && gigaflops > 0 && intensity.isFinite && gigaflops.isFinite
    }
  }

  private let title: String
  private let dots: [Dot]
  private let hiddenCount: Int
  private let peak: Double
  private let bandwidth: Double
  private let horizontal: DecadeAxis
  private let vertical: DecadeAxis

  /// Where the dots are drawn; the numbers of the axes stand left of it and below.
  let frame = Rect(84, 104, 620, 400)
  private static let margin = 24.0
  private static let bottomSpace = 72.0
  private static let rightSpace = 32.0
  private static let titleFont = SVG.Font(size: 20, isBold: true)
  private static let legendFont = SVG.Font(size: 12)
  private static let faintFont = SVG.Font(size: 12, color: Palette.faded)
  private static let tickFont = SVG.Font(size: 10.5, color: Palette.faded, anchor: .end)
  private static let lowerTickFont = SVG.Font(size: 10.5, color: Palette.faded, anchor: .middle)
  private static let captionFont = SVG.Font(size: 12, color: Palette.faded, anchor: .middle)
  private static let roofStyle = SVG.Style(stroke: Palette.accent, strokeWidth: 2)

  /// - Parameters:
  ///   - peak: GFLOP/s
  ///   - bandwidth: GB/s
  package init(title: String, peak: Double, bandwidth: Double, dots: [Dot]) {
    self.title = title
    self.peak = peak > 0 && peak.isFinite ? peak : 1
    self.bandwidth = bandwidth > 0 && bandwidth.isFinite ? bandwidth : 1
    self.dots = dots.filter(\.isDrawn)
    hiddenCount = dots.count - self.dots.count
    let ridge = self.peak / self.bandwidth
    horizontal = DecadeAxis(self.dots.map(\.intensity) + [ridge / 2, ridge * 4])
    vertical = DecadeAxis(self.dots.map(\.gigaflops) + [self.peak, self.peak / 20])
  }

  package var svg: String {
    let titleWidth = TextWidth.width(title, Self.titleFont) + 2 * Self.margin
    let width = max(frame.right + Self.rightSpace, titleWidth, legendEnd + Self.margin)
    var svg = SVG(size: Size(width, frame.bottom + Self.bottomSpace), title: title)
    svg.text(title, at: Point(Self.margin, Self.margin + 17), Self.titleFont)
    for (place, text) in zip(legendPlaces, legend) {
      if let colors = text.colors {
        svg.rectangle(Rect(place.x, place.y - 10, 11, 11), Self.style(colors), radius: 5.5)
      } else {
        svg.line(Point(place.x - 4, place.y - 4), Point(place.x + 14, place.y - 4), Self.roofStyle)
      }
      svg.text(text.words, at: place.moved(Self.markSpace, 0), Self.legendFont)
    }
    drawAxes(&svg)
    svg.draw(roof, Self.roofStyle)
    for (dot, place) in zip(dots, places) {
      svg.group(tooltip: dot.tooltip) {
        $0.rectangle(place, Self.style(Palette.colors(dot.workClass)), radius: place.width / 2)
      }
    }
    if hiddenCount > 0 {
      let what = hiddenCount == 1 ? "1 step" : "\(hiddenCount) steps"
      svg.text("\(what) without arithmetic not shown", at: Point(frame.x, frame.bottom + 56), Self.faintFont)
    }
    return svg.text
  }

  private static func style(_ colors: Palette.Pair) -> SVG.Style {
    SVG.Style(fill: colors.fill, stroke: colors.stroke)
  }

  // MARK: legend

  private static let markSpace = 20.0

  /// What the colors and the line mean.
  private var legend: [(words: String, colors: Palette.Pair?)] {
    let used = WorkClass.allCases.filter { kind in dots.contains { $0.workClass == kind } }
    let roofs = "peak \(Self.threeDigits(peak)) GFLOP/s, memory \(Self.threeDigits(bandwidth)) GB/s"
    return [(roofs, nil)] + used.map { ($0.label, Palette.colors($0)) }
  }

  private static func threeDigits(_ number: Double) -> String {
    HumanUnits.rounded(number >= 100 ? number.rounded() : number, digits: 3)
  }

  /// Base lines of the legend's entries.
  private var legendPlaces: [Point] {
    var x = Self.margin + 4
    return legend.map { entry in
      defer { x += Self.markSpace + TextWidth.width(entry.words, Self.legendFont) + 22 }
      return Point(x, Self.margin + 46)
    }
  }

  private var legendEnd: Double {
    guard let place = legendPlaces.last, let entry = legend.last else { return 0 }
    return place.x + Self.markSpace + TextWidth.width(entry.words, Self.legendFont)
  }

  // MARK: under the roof

  private func drawAxes(_ svg: inout SVG) {
    let style = SVG.Style(stroke: Palette.hairline)
    for tick in vertical.ticks {
      let y = y(tick)
      svg.line(Point(frame.x, y), Point(frame.right, y), style)
      svg.text(HumanUnits.rounded(tick), at: Point(frame.x - 8, y + 3.5), Self.tickFont)
    }
    for tick in horizontal.ticks {
      let x = x(tick)
      svg.line(Point(x, frame.y), Point(x, frame.bottom), style)
      svg.text(HumanUnits.rounded(tick), at: Point(x, frame.bottom + 16), Self.lowerTickFont)
    }
    svg.text("operations per byte", at: Point(frame.center.x, frame.bottom + 36), Self.captionFont)
    svg.text("GFLOP/s", at: Point(frame.x - 50, frame.center.y), Self.captionFont, quarterTurns: 1)
  }

  /// Up along the bandwidth, then level at the peak.
  private var roof: SVG.Path {
    let lowest = max(horizontal.start, vertical.start / bandwidth)
    let ridge = peak / bandwidth
    var path = SVG.Path()
    path.move(Point(x(lowest), y(lowest * bandwidth)))
    path.line(Point(x(ridge), y(peak)))
    path.line(Point(frame.right, y(peak)))
    return path
  }

  /// Where the dots are.
  var places: [Rect] {
    dots.map { dot in
      let radius = 3.5 + 12 * min(max(dot.share, 0), 1).squareRoot()
      return Rect(x(dot.intensity) - radius, y(dot.gigaflops) - radius, 2 * radius, 2 * radius)
    }
  }

  private func x(_ intensity: Double) -> Double { frame.x + frame.width * horizontal.share(intensity) }

  private func y(_ gigaflops: Double) -> Double { frame.bottom - frame.height * vertical.share(gigaflops) }
}

/// A logarithmic axis from one power of ten to another.
struct DecadeAxis: Sendable {
  let start: Double
  let end: Double
  let ticks: [Double]

  /// - Parameter values: positive; they stand between the ends, with a fifth of a decade to spare.
  init(_ values: [Double]) {
    let exponents = values.map { log10($0) }
    let first = ((exponents.min() ?? 0) - 0.2).rounded(.down)
    let last = max(((exponents.max() ?? 1) + 0.2).rounded(.up), first + 1)
    start = pow(10, first)
    end = pow(10, last)
    // Numbers stand beside at most about ten of the powers.
    let step = max(1, ((last - first) / 10).rounded(.up))
    ticks = stride(from: first, through: last, by: step).map { pow(10, $0) }
  }

  /// From 0 at the start to 1 at the end.
  func share(_ value: Double) -> Double {
    let span = log10(end) - log10(start)
    return min(max((log10(value) - log10(start)) / span, 0), 1)
  }
}
