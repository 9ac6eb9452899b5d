/// The picture of a graph from top to bottom, as SVG: a box for each node in the color of its kind of work,
/// with value, result and parameters, and a frame around the nodes of each kernel once they are grouped. A
/// tall graph continues in a second column and so on.
package struct GraphPicture: Sendable {
  let sections: [GraphSection]
  private let header: GraphHeader
  private let name: String
  private let size: Size

  private static let margin = 24.0

  package init(_ graph: Graph) {
    let scene = GraphScene(graph)
    name = graph.name
    header = GraphHeader(scene)
    let top = Self.margin + header.size.height + 16
    var left = Self.margin
    var sections: [GraphSection] = []
    for column in GraphColumns(scene).columns {
      let section = GraphSection(column, of: scene, at: Point(left, top))
      left = section.frame.right + GraphColumns.gutter
      sections.append(section)
    }
    let right = (sections.map(\.frame.right).max() ?? 0) + Self.margin
    let bottom = (sections.map(\.frame.bottom).max() ?? top) + Self.margin
    size = Size(max(right, header.size.width + 2 * Self.margin), bottom)
    // What is narrower than its header stands in the middle below it.
    let shift = (size.width - right) / 2
    self.sections = sections.map { $0.moved(right: shift) }
  }

  package var svg: String {
    var svg = SVG(size: size, title: name)
    header.draw(at: Point(Self.margin, Self.margin), &svg)
    for (section, next) in zip(sections, sections.dropFirst()) { section.drawPassage(to: next, &svg) }
    for section in sections { section.draw(&svg) }
    return svg.text
  }
}
