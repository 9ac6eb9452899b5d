/// The head of a picture: name, figures, and what the colors mean.
struct GraphHeader: Sendable {
  private let title: String
  private let figures: String
  private let classes: [WorkClass]
  private let hasKernels: Bool
  private let hasViews: Bool

  private static let titleFont = SVG.Font(size: 20, isBold: true)
  private static let figuresFont = SVG.Font(size: 12, color: Palette.faded)
  private static let legendFont = SVG.Font(size: 11)
  private static let swatch = Size(18, 12)

  init(_ scene: GraphScene) {
    title = TextWidth.clipped(scene.graph.name, to: 600, Self.titleFont)
    let kernels = scene.graph.kernelRuns.filter { run in
      !scene.graph.nodes[run].allSatisfy { $0.op.keepsRowMajorOrder }
    }
    hasKernels = kernels.contains { $0.count > 1 }
    hasViews = scene.graph.nodes.contains { $0.op.keepsRowMajorOrder }
    classes = WorkClass.allCases.filter { kind in scene.costs.nodes.contains { $0.workClass == kind } }
    let count = scene.graph.nodes.count
    let operators = "\(HumanUnits.grouped(count)) operator\(count == 1 ? "" : "s")"
    var figures = [hasKernels ? "\(operators) in \(HumanUnits.grouped(kernels.count)) kernels" : operators]
    let (parameters, work) = (scene.costs.parameterCount, scene.costs.multiplyAccumulateCount)
    if parameters > 0 { figures.append("\(HumanUnits.grouped(parameters)) parameters") }
    if work > 0 { figures.append("\(HumanUnits.grouped(work)) multiply-accumulates") }
    self.figures = figures.joined(separator: "  ·  ")
  }

  private var labels: [String] {
    classes.map(\.label) + (hasKernels ? ["one kernel"] : []) + (hasViews ? ["view, no kernel"] : [])
  }

  var size: Size {
    let legend = labels.reduce(0) { $0 + legendWidth($1) }
    let width = max(
      TextWidth.width(title, Self.titleFont), TextWidth.width(figures, Self.figuresFont), legend)
    return Size(width, 66)
  }

  private func legendWidth(_ label: String) -> Double {
    Self.swatch.width + 6 + TextWidth.width(label, Self.legendFont) + 14
  }

  func draw(at origin: Point, _ svg: inout SVG) {
    svg.text(title, at: origin.moved(0, 17), Self.titleFont)
    svg.text(figures, at: origin.moved(0, 38), Self.figuresFont)
    var x = origin.x
    for (place, label) in labels.enumerated() {
      let frame = Rect(x, origin.y + 53, Self.swatch.width, Self.swatch.height)
      if place < classes.count {
        let colors = Palette.colors(classes[place])
        svg.rectangle(frame, SVG.Style(fill: colors.fill, stroke: colors.stroke), radius: 3)
      } else if label == "one kernel" {
        svg.rectangle(frame, KernelBox.frameStyle, radius: 4)
      } else {
        let colors = Palette.colors(.movement)
        svg.rectangle(frame, SVG.Style(fill: colors.fill, stroke: colors.stroke, dashes: [4, 3]), radius: 3)
      }
      svg.text(label, at: Point(frame.right + 6, origin.y + 63), Self.legendFont)
      x += legendWidth(label)
    }
  }
}
