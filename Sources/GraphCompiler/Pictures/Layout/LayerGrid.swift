/// Items in layers. A link that passes layers has a bend in each of them, so that all segments join
/// neighbors.
struct LayerGrid {
  struct Vertex {
    /// nil for a bend of a link.
    var item: Int?
    var layer: Int
    var size: Size
  }

  struct Segment: Hashable {
    var upper: Int
    var lower: Int
    /// Where the segment is attached, in units of a place in the layer.
    var exit: Double
    var entry: Double
  }

  /// The items, in their order, then the bends.
  private(set) var vertices: [Vertex]
  private(set) var segments: [Segment] = []
  /// Segments that end above and below each vertex.
  private(set) var above: [[Int]] = []
  private(set) var below: [[Int]] = []
  /// Vertices of each layer from left to right.
  var layers: [[Int]] = []
  /// Bends of each link, from top to bottom.
  private(set) var bends: [[Int]] = []
  let layerOfItem: [Int]

  init(sizes: [Size], links: [LayeredLayout.Link], bendWidth: Double) {
    layerOfItem = Self.longestPaths(sizes.count, links)
    vertices = zip(sizes, layerOfItem).enumerated().map { Vertex(item: $0, layer: $1.1, size: $1.0) }
    for link in links { addLink(link, bendWidth) }
    above = Array(repeating: [], count: vertices.count)
    below = above
    for (number, segment) in segments.enumerated() {
      below[segment.upper].append(number)
      above[segment.lower].append(number)
    }
    layers = Array(repeating: [], count: (layerOfItem.max() ?? -1) + 1)
    for (number, vertex) in vertices.enumerated() { layers[vertex.layer].append(number) }
  }

  func segments(below layer: Int) -> [Segment] {
    layers[layer].flatMap { below[$0].map { segments[$0] } }
  }

  /// Every item one layer below the lowest item that leads to it; what nothing leads to stands right above
  /// its use.
  static func longestPaths(_ count: Int, _ links: [LayeredLayout.Link]) -> [Int] {
    var layers = Array(repeating: 0, count: count)
    var isReached = Array(repeating: false, count: count)
    let sorted = links.sorted { ($0.to, $0.from) < ($1.to, $1.from) }
    for link in sorted {
      precondition(link.from < link.to, "a link leads back from item \(link.from) to item \(link.to)")
      layers[link.to] = max(layers[link.to], layers[link.from] + 1)
      isReached[link.to] = true
    }
    var nearest: [Int?] = Array(repeating: nil, count: count)
    for link in sorted { nearest[link.from] = min(nearest[link.from] ?? .max, layers[link.to]) }
    for item in 0..<count where !isReached[item] {
      if let use = nearest[item] { layers[item] = use - 1 }
    }
    return layers
  }

  private mutating func addLink(_ link: LayeredLayout.Link, _ bendWidth: Double) {
    var passed: [Int] = []
    for layer in (layerOfItem[link.from] + 1)..<max(layerOfItem[link.to], layerOfItem[link.from] + 1) {
      passed.append(vertices.count)
      vertices.append(Vertex(item: nil, layer: layer, size: Size(bendWidth, 0)))
    }
    bends.append(passed)
    let stops = [link.from] + passed + [link.to]
    for (place, pair) in zip(stops, stops.dropFirst()).enumerated() {
      let isFirst = place == 0
      let isLast = place == stops.count - 2
      segments.append(
        Segment(
          upper: pair.0, lower: pair.1, exit: isFirst ? link.exit : 0.5, entry: isLast ? link.entry : 0.5))
    }
  }
}
