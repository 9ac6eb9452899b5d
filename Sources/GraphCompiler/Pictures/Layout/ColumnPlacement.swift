/// Horizontal places. Vertices that follow each other form columns, as in Brandes and Köpf (2001): a column
/// is a straight vertical line. Each column stands in the middle between its leftmost and its rightmost
/// possible place.
struct ColumnPlacement {
  private let grid: LayerGrid
  private let gap: Double
  /// Place of each vertex in its layer.
  private var places: [Int]
  /// The column of each vertex.
  private var columns: [Int] = []
  /// The middle of each vertex.
  private(set) var centers: [Double] = []

  init(_ grid: LayerGrid, gap: Double) {
    self.grid = grid
    self.gap = gap
    places = Array(repeating: 0, count: grid.vertices.count)
    for layer in grid.layers {
      for (place, vertex) in layer.enumerated() { places[vertex] = place }
    }
    columns = makeColumns()
    let left = packed(grid.layers)
    let right = packed(grid.layers.map { $0.reversed() })
    let width = zip(left, right).map { $0 + $1 }.max() ?? 0
    let middles = zip(left, right).map { ($0 + width - $1) / 2 }
    let centers = columns.map { middles[$0] }
    let margin = centers.indices.map { centers[$0] - grid.vertices[$0].size.width / 2 }.min() ?? 0
    self.centers = centers.map { $0 - margin }
  }

  // MARK: Columns

  private func makeColumns() -> [Int] {
    var columns = Array(grid.vertices.indices)
    for layer in grid.layers.indices.dropLast() {
      for segment in straightSegments(below: layer) { columns[segment.lower] = columns[segment.upper] }
    }
    return columns
  }

  /// Segments that are drawn as vertical lines: passing links first, then pairs where each is the other's
  /// main neighbor, as far as none crosses another.
  private func straightSegments(below layer: Int) -> [LayerGrid.Segment] {
    let candidates = grid.segments(below: layer)
    let passing = candidates.filter { isBend($0.upper) && isBend($0.lower) }
    let paired = candidates.filter {
      !(isBend($0.upper) && isBend($0.lower)) && mainNeighbor(grid.below[$0.upper], \.lower) == $0.lower
        && mainNeighbor(grid.above[$0.lower], \.upper) == $0.upper
    }
    var accepted: [LayerGrid.Segment] = []
    for segment in passing + paired {
      let isFree = accepted.allSatisfy { other in
        (places[other.upper] - places[segment.upper]) * (places[other.lower] - places[segment.lower]) > 0
      }
      if isFree { accepted.append(segment) }
    }
    return accepted
  }

  private func isBend(_ vertex: Int) -> Bool { grid.vertices[vertex].item == nil }

  /// The only neighbor on a side, or the only item beside one passing link.
  private func mainNeighbor(_ numbers: [Int], _ end: KeyPath<LayerGrid.Segment, Int>) -> Int? {
    let neighbors = numbers.map { grid.segments[$0][keyPath: end] }
    if neighbors.count == 1 { return neighbors[0] }
    let items = neighbors.filter { !isBend($0) }
    return neighbors.count == 2 && items.count == 1 ? items[0] : nil
  }

  // MARK: Places

  /// Distance of each column's middle from the edge at which the layers begin, as close to it as possible.
  private func packed(_ layers: [[Int]]) -> [Double] {
    var before: [[(column: Int, distance: Double)]] = Array(repeating: [], count: columns.count)
    var lead = Array(repeating: 0.0, count: columns.count)
    for layer in layers {
      for (place, vertex) in layer.enumerated() {
        let half = grid.vertices[vertex].size.width / 2
        lead[columns[vertex]] = max(lead[columns[vertex]], half)
        if place == 0 { continue }
        let neighbor = layer[place - 1]
        let distance = grid.vertices[neighbor].size.width / 2 + gap + half
        before[columns[vertex]].append((columns[neighbor], distance))
      }
    }
    var known: [Double?] = Array(repeating: nil, count: columns.count)
    for start in known.indices { resolve(start, before, lead, &known) }
    return known.map { $0 ?? 0 }
  }

  /// The longest path of distances; with a stack of its own, since chains of columns may be long.
  private func resolve(
    _ start: Int, _ before: [[(column: Int, distance: Double)]], _ lead: [Double], _ known: inout [Double?]
  ) {
    var stack = [start]
    while let column = stack.last {
      if known[column] != nil {
        stack.removeLast()
        continue
      }
      let open = before[column].filter { known[$0.column] == nil }
      if open.isEmpty {
        known[column] = before[column].reduce(lead[column]) { max($0, (known[$1.column] ?? 0) + $1.distance) }
        stack.removeLast()
      } else {
        stack += open.map(\.column)
      }
    }
  }
}
