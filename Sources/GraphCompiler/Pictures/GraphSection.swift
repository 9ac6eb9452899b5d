/// One column of the picture of a graph, with everything in its place.
struct GraphSection: Sendable {
  private(set) var items: [GraphScene.Item] = []
  private(set) var frames: [Rect] = []
  private(set) var frame: Rect
  private var links: [GraphScene.Link] = []
  private var routes: [[Point]] = []
  private let graph: Graph

  init(_ column: GraphColumns.Column, of scene: GraphScene, at origin: Point) {
    graph = scene.graph
    frame = Rect(origin.x, origin.y, 0, 0)
    // The mark of the value that comes in is the first item, the mark of the one that goes on is the last.
    if let incoming = column.incoming { items.append(.pill(ValuePill(passing: incoming.value, in: graph))) }
    var places: [Int: Int] = [:]
    for item in column.items {
      places[item] = items.count
      items.append(scene.items[item])
    }
    if let outgoing = column.outgoing { items.append(.pill(ValuePill(passing: outgoing.value, in: graph))) }
    links = scene.links.compactMap { Self.local($0, places, next: nil) }
    if let outgoing = column.outgoing {
      let leaving = scene.links.first {
        $0.value == outgoing.value && places[$0.layout.to] == nil && $0.layout.from == outgoing.item
      }
      links += [leaving].compactMap { $0.flatMap { Self.local($0, places, next: items.count - 1) } }
    }
    let layout = LayeredLayout(sizes: items.map(\.size), links: links.map(\.layout))
    frames = layout.frames.map { $0.moved(origin.x, origin.y) }
    routes = layout.routes.map { $0.map { $0.moved(origin.x, origin.y) } }
    frame = Rect(origin.x, origin.y, layout.size.width, layout.size.height)
  }

  /// The link between items of this column; what comes from outside comes from the first item. Links to the
  /// outside lead to `next`, or nowhere.
  private static func local(_ link: GraphScene.Link, _ places: [Int: Int], next: Int?) -> GraphScene.Link? {
    var link = link
    guard let target = places[link.layout.to] ?? next else { return nil }
    if places[link.layout.to] == nil {
      (link.target, link.layout.entry, link.layout.entryOffset) = (0, 0.5, nil)
    }
    if places[link.layout.from] == nil {
      (link.source, link.layout.exit, link.layout.exitOffset) = (0, 0.5, nil)
    }
    link.layout.from = places[link.layout.from] ?? 0
    link.layout.to = target
    return link
  }

  func moved(right distance: Double) -> GraphSection {
    var section = self
    section.frames = frames.map { $0.moved(distance, 0) }
    section.routes = routes.map { $0.map { $0.moved(distance, 0) } }
    section.frame = frame.moved(distance, 0)
    return section
  }

  // MARK: Drawing

  func draw(_ svg: inout SVG) {
    // Frames of kernels, then links, so that links show inside of frames, then boxes.
    for case (.kernel(let kernel), let frame) in zip(items, frames) { kernel.drawFrame(frame, &svg) }
    for (link, route) in zip(links, routes) { draw(link, route, &svg) }
    for (item, frame) in zip(items, frames) {
      switch item {
      case .pill(let pill): pill.draw(frame, &svg)
      case .kernel(let kernel): kernel.drawMembers(frame, &svg)
      }
    }
  }

  private func draw(_ link: GraphScene.Link, _ route: [Point], _ svg: inout SVG) {
    let type = graph.type(of: link.value)
    let tooltip = "\(graph[link.value].name): \(type), \(HumanUnits.bytes(type.byteCount))"
    var points = route
    if case .kernel(let kernel) = items[link.layout.from] {
      points = kernel.way(from: link.source, frames[link.layout.from], points[0]) + points
    }
    if case .kernel(let kernel) = items[link.layout.to] {
      points += kernel.way(to: link.target, frames[link.layout.to], points[points.count - 1])
    }
    svg.group(tooltip: tooltip) { svg in
      svg.arrow(points, SVG.Style(stroke: Palette.line, strokeWidth: 1.2))
      drawLabel(type.picturedShape, route, &svg)
    }
  }

  /// The shape along a link that passes other items.
  private func drawLabel(_ shape: String, _ route: [Point], _ svg: inout SVG) {
    let font = SVG.Font(size: 9.5, color: Palette.faded, anchor: .middle)
    guard let run = SVG.longestVertical(route.dropFirst(2).dropLast(2)) else { return }
    guard run.bottom - run.top > TextWidth.width(shape, font) + 10 else { return }
    svg.text(shape, at: Point(run.x - 4, (run.top + run.bottom) / 2), font, quarterTurns: 1)
  }

  /// The line from the mark of the value that goes on, through the gutter, to its mark in the next column.
  func drawPassage(to next: GraphSection, _ svg: inout SVG) {
    guard let start = frames.last, let end = next.frames.first else { return }
    let gutter = frame.right + GraphColumns.gutter / 2
    let points = [
      Point(start.right, start.center.y), Point(gutter, start.center.y), Point(gutter, end.center.y),
      Point(end.x, end.center.y),
    ]
    svg.arrow(points, SVG.Style(stroke: Palette.line, strokeWidth: 1.2, dashes: [5, 3]))
  }
}
