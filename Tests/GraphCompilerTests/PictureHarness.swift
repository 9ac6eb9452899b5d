import Foundation
import SourceText
import Testing

@testable import GraphCompiler

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The example networks by name, as `graphs/` has them.
enum ExampleNetwork {
  static let pictured = [
    "lenet5", "googlenet", "resnet18", "resnet50", "mobilenet_v2", "squeezenet1_1", "alexnet_two_towers",
    "bn_inception", "mlp_3_2_2", "xyz_product", "cos_sin_x2",
  ]

  /// As inference would run it, before it is lowered: kernels are grouped.
  static func grouped(_ name: String) throws -> Graph {
    try orderNodes(groupEpilogues(expandComposites(eliminateIdentities(dropTraining(load(name))))))
  }

  static func load(_ name: String) throws -> Graph {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../graphs")
      .standardized
    let file = folder.appending(path: "\(name).graph")
    return try GraphParser.parse(
      SourceFile(path: "\(name).graph", contents: Array(try Data(contentsOf: file)))
    ).graph
  }
}

/// The elements of an SVG text; the parser refuses what is not well-formed.
final class SVGContent: NSObject, XMLParserDelegate {
  private(set) var elements: [String] = []
  /// Texts of `<title>`, the first being that of the page.
  private(set) var tooltips: [String] = []
  /// Texts of `<text>`.
  private(set) var labels: [String] = []
  private var text = ""

  init(_ svg: String) throws {
    super.init()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    if !parser.parse() { throw parser.parserError ?? CocoaError(.fileReadCorruptFile) }
  }

  func parser(
    _ parser: XMLParser, didStartElement element: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    elements.append(element)
    text = ""
    for (name, value) in attributes where value.contains("nan") || value.contains("inf") {
      Issue.record("\(element) has \(name)=\(value)")
    }
  }

  func parser(_ parser: XMLParser, foundCharacters characters: String) { text += characters }

  func parser(
    _ parser: XMLParser, didEndElement element: String, namespaceURI: String?, qualifiedName: String?
  ) {
    if element == "title" { tooltips.append(text) }
    if element == "text" { labels.append(text) }
  }
}

extension [Rect] {
  /// Pairs that share an area.
  var overlaps: [(Rect, Rect)] {
    indices.flatMap { place in self[..<place].filter { $0.overlaps(self[place]) }.map { ($0, self[place]) } }
  }
}

extension Rect {
  /// The smallest rectangle around two points, the second below the first; less a hair, so that touching does
  /// not count.
  init(between start: Point, _ end: Point) {
    self.init(min(start.x, end.x), start.y + 0.01, abs(start.x - end.x), end.y - start.y - 0.02)
  }
}
