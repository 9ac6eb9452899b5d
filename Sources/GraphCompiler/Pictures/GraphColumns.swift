/// A graph that is much taller than a page is cut into columns that stand side by side, where a single value
/// goes on from one to the next.
struct GraphColumns: Sendable {
  /// What a column shows.
  struct Column: Sendable {
    /// Items of the scene, ascending.
    var items: [Int]
    /// The value that comes from the column before, and the one that goes on to the next.
    var incoming: Passage?
    var outgoing: Passage?
  }

  /// A value that leaves an item for the next column.
  struct Passage: Hashable, Sendable {
    var value: Value
    var item: Int
  }

  private(set) var columns: [Column] = []

  /// Nothing is cut below this height, which fits on a printed page.
  private static let heightLimit = 1100.0
  /// Height of a good page over its width.
  private static let goodRatio = 1.25
  private static let columnLimit = 12
  private static let layerGap = 32.0
  static let gutter = 46.0

  init(_ scene: GraphScene) {
    let sizes = scene.items.map(\.size)
    let layers = LayerGrid.longestPaths(sizes.count, scene.links.map(\.layout))
    let extents = Self.extents(sizes, layers)
    let passages = Self.passages(scene, layers)
    let cuts = Self.bestCuts(extents, passages)
    let bounds = [0] + cuts + [extents.count]
    for (first, end) in zip(bounds, bounds.dropFirst()) {
      let items = layers.indices.filter { layers[$0] >= first && layers[$0] < end }
      columns.append(Column(items: items, incoming: passages[first], outgoing: passages[end]))
    }
  }

  /// Width and height that each layer takes.
  private static func extents(_ sizes: [Size], _ layers: [Int]) -> [Size] {
    var extents = Array(repeating: Size(0, 0), count: (layers.max() ?? -1) + 1)
    for (size, layer) in zip(sizes, layers) {
      extents[layer].width += size.width + LayeredLayout.Spacing().horizontal
      extents[layer].height = max(extents[layer].height, size.height + layerGap)
    }
    return extents
  }

  /// For each layer, the only value that comes from above, if it is the only one.
  private static func passages(_ scene: GraphScene, _ layers: [Int]) -> [Int: Passage] {
    var values: [Int: Set<Passage>] = [:]
    for link in scene.links {
      let passage = Passage(value: link.value, item: link.layout.from)
      let (first, last) = (layers[link.layout.from], layers[link.layout.to])
      for layer in (first + 1)..<(last + 1) { values[layer, default: []].insert(passage) }
    }
    return values.compactMapValues { $0.count == 1 ? $0.first : nil }
  }

  /// First layers of the columns after the first, such that the page comes closest to a good shape.
  private static func bestCuts(_ extents: [Size], _ passages: [Int: Passage]) -> [Int] {
    let tops = tops(extents)
    if extents.isEmpty || tops[extents.count] <= heightLimit { return [] }
    let places = extents.indices.filter { passages[$0] != nil }
    var best: (cuts: [Int], error: Double) = ([], .infinity)
    for count in 1...columnLimit {
      guard let cuts = cuts(tops, places, count: count) else { break }
      let page = pageSize(extents, cuts)
      let ratio = page.height / page.width / goodRatio
      let error = max(ratio, 1 / ratio)
      if error < best.error { best = (cuts, error) }
    }
    return best.cuts
  }

  /// Distance of each layer, and of the end, from the top of a single column.
  private static func tops(_ extents: [Size]) -> [Double] {
    extents.reduce(into: [0]) { tops, extent in tops.append((tops.last ?? 0) + extent.height) }
  }

  /// The cuts whose highest column is lowest; nil where there are not enough places to cut.
  ///
  /// `heights[c][k]` is the best height of the first `c + 1` columns that end at place `k`.
  private static func cuts(_ tops: [Double], _ places: [Int], count: Int) -> [Int]? {
    if places.count < count - 1 { return nil }
    let ends = places + [tops.count - 1]
    var heights = ends.map { tops[$0] }
    var origins: [[Int]] = []
    for _ in 1..<max(count, 1) {
      let before = heights
      var origin = Array(repeating: 0, count: ends.count)
      for end in ends.indices {
        heights[end] = .infinity
        for start in 0..<end {
          let height = max(before[start], tops[ends[end]] - tops[ends[start]])
          if height < heights[end] { (heights[end], origin[end]) = (height, start) }
        }
      }
      origins.append(origin)
    }
    var cuts: [Int] = []
    var end = ends.count - 1
    for origin in origins.reversed() {
      end = origin[end]
      cuts.append(ends[end])
    }
    return cuts.reversed()
  }

  private static func pageSize(_ extents: [Size], _ cuts: [Int]) -> Size {
    let bounds = [0] + cuts + [extents.count]
    var page = Size(0, 1)
    for (first, end) in zip(bounds, bounds.dropFirst()) {
      let column = extents[first..<end]
      page.width += (column.map(\.width).max() ?? 0) + gutter
      page.height = max(page.height, column.reduce(0) { $0 + $1.height })
    }
    return page
  }
}
