/// How training went, as SVG: a panel for the loss and one for the accuracy, each over the epochs.
package struct LearningCurvePicture: Sendable {
  /// Numbers of the epochs, the first one first; what is not finite is not drawn.
  package struct Curve: Sendable {
    package var name: String
    package var values: [Double]

    package init(name: String, values: [Double]) {
      self.name = name
      self.values = values
    }
  }

  private let title: String
  private let panels: [CurvePanel]
  /// In the order of the panels' curves.
  private let names: [String]
  private let bestEpoch: Int?

  private static let margin = 24.0
  private static let headHeight = 64.0
  private static let panelSize = Size(420, 280)
  private static let panelGap = 76.0
  private static let axisSpace = 52.0
  private static let titleFont = SVG.Font(size: 20, isBold: true)
  private static let legendFont = SVG.Font(size: 12)
  static let colors = ["#2f6ca8", "#b97a10"]

  /// - Parameters:
  ///   - loss: at most two curves.
  ///   - accuracy: curves of the same names, from 0 to 1; none where nothing is classified.
  ///   - bestEpoch: from 1; its point of the last curve of each panel is marked.
  package init(title: String, loss: [Curve], accuracy: [Curve], bestEpoch: Int?) {
    self.title = title
    self.bestEpoch = bestEpoch
    names = loss.map(\.name)
    let percent = accuracy.map { Curve(name: $0.name, values: $0.values.map { 100 * $0 }) }
    var place = Point(Self.margin + Self.axisSpace, Self.margin + Self.headHeight)
    var panels: [CurvePanel] = []
    for (caption, curves) in [("loss", loss), ("accuracy in %", percent)] where !curves.isEmpty {
      let frame = Rect(place.x, place.y, Self.panelSize.width, Self.panelSize.height)
      panels.append(CurvePanel(caption: caption, curves: curves.map(\.values), frame: frame))
      place.x = frame.right + Self.panelGap
    }
    self.panels = panels
  }

  package var svg: String {
    let right = panels.last?.frame.right ?? Self.margin
    let bottom = Self.margin + Self.headHeight + Self.panelSize.height + 48
    let titleWidth = TextWidth.width(title, Self.titleFont) + 2 * Self.margin
    var svg = SVG(size: Size(max(right + Self.margin, titleWidth), bottom), title: title)
    svg.text(title, at: Point(Self.margin, Self.margin + 17), Self.titleFont)
    var x = Self.margin
    for (name, color) in zip(names, Self.colors) {
      let y = Self.margin + 38
      svg.line(Point(x, y), Point(x + 22, y), SVG.Style(stroke: color, strokeWidth: 2))
      svg.text(name, at: Point(x + 28, y + 4), Self.legendFont)
      x += 28 + TextWidth.width(name, Self.legendFont) + 18
    }
    if bestEpoch != nil, !names.isEmpty {
      let y = Self.margin + 38
      svg.rectangle(Rect(x, y - 4, 8, 8), CurvePanel.bestStyle, radius: 4)
      svg.text("best epoch", at: Point(x + 14, y + 4), Self.legendFont)
    }
    for panel in panels { panel.draw(bestEpoch: bestEpoch, &svg) }
    return svg.text
  }
}
