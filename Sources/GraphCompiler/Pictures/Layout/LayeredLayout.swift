/// The picture of an acyclic graph from top to bottom, after Sugiyama, Tagawa and Toda (1981): items stand in
/// layers such that every link leads down, layers are ordered such that few links cross, and what follows
/// each other stands in one line. Links that pass layers bend around the items there.
struct LayeredLayout: Sendable {
  struct Link: Hashable, Sendable {
    /// Items; `from` is before `to`.
    var from: Int
    var to: Int
    /// Where among its item's links this one leaves and arrives, from 0 at the left to 1 at the right.
    var exit = 0.5
    var entry = 0.5
    /// Distances from the items' centers at which the link leaves and arrives; nil leaves it to the layout.
    var exitOffset: Double?
    var entryOffset: Double?
  }

  struct Spacing: Hashable, Sendable {
    /// Between neighbors in a layer.
    var horizontal = 22.0
    /// Between layers, where links go straight down; they get more where they go far to the side.
    var vertical = 24.0
    /// Width that a passing link takes in a layer.
    var bend = 16.0
  }

  /// One for each item.
  private(set) var frames: [Rect]
  /// One for each link, from the lower edge of an item to the upper edge of another: pairs of points are
  /// joined by vertical lines, pairs are joined to the next by curves.
  private(set) var routes: [[Point]] = []
  private(set) var size: Size

  init(sizes: [Size], links: [Link], spacing: Spacing = Spacing()) {
    var grid = LayerGrid(sizes: sizes, links: links, bendWidth: spacing.bend)
    grid.orderLayers()
    let centers = ColumnPlacement(grid, gap: spacing.horizontal).centers
    let rows = LayerRows(grid, centers, spacing)
    frames = sizes.enumerated().map { item, size in
      let row = rows.rows[grid.layerOfItem[item]]
      return Rect(centers[item] - size.width / 2, row.center - size.height / 2, size.width, size.height)
    }
    size = Size(frames.map(\.right).max() ?? 0, frames.map(\.bottom).max() ?? 0)
    let bends = (0..<grid.vertices.count).filter { grid.vertices[$0].item == nil }
    size.width = max(size.width, bends.map { centers[$0] + spacing.bend / 2 }.max() ?? 0)
    routes = route(links, grid, centers, rows.rows)
  }

  private func route(
    _ links: [Link], _ grid: LayerGrid, _ centers: [Double], _ rows: [LayerRows.Row]
  ) -> [[Point]] {
    let entries = entryOffsets(links, grid, centers)
    return links.enumerated().map { number, link in
      let (source, target) = (frames[link.from], frames[link.to])
      let start = source.center.x + (link.exitOffset ?? 0)
      var points = [Point(start, source.bottom), Point(start, rows[grid.layerOfItem[link.from]].bottom)]
      for bend in grid.bends[number] {
        let row = rows[grid.vertices[bend].layer]
        points += [Point(centers[bend], row.top), Point(centers[bend], row.bottom)]
      }
      let end = target.center.x + (link.entryOffset ?? entries[number])
      return points + [Point(end, rows[grid.layerOfItem[link.to]].top), Point(end, target.y)]
    }
  }

  /// Links arrive side by side, in the order in which they come; one that comes straight down stays straight.
  private func entryOffsets(_ links: [Link], _ grid: LayerGrid, _ centers: [Double]) -> [Double] {
    var offsets = Array(repeating: 0.0, count: links.count)
    var arriving: [[Int]] = Array(repeating: [], count: frames.count)
    for (number, link) in links.enumerated() where link.entryOffset == nil {
      arriving[link.to].append(number)
    }
    for (item, numbers) in arriving.enumerated() where numbers.count > 1 {
      func origin(_ number: Int) -> Double {
        let link = links[number]
        return grid.bends[number].last.map { centers[$0] } ?? frames[link.from].center.x
          + (link.exitOffset ?? 0)
      }
      let sorted = numbers.sorted { (origin($0), $0) < (origin($1), $1) }
      let straight = sorted.firstIndex { abs(origin($0) - frames[item].center.x) < 0.5 }
      let middle = straight.map(Double.init) ?? Double(sorted.count - 1) / 2
      let reach = max(middle, Double(sorted.count - 1) - middle)
      let step = min(16, (frames[item].width / 2 - 8) / max(reach, 1))
      for (place, number) in sorted.enumerated() { offsets[number] = (Double(place) - middle) * step }
    }
    return offsets
  }
}

/// Where each layer stands vertically.
struct LayerRows {
  struct Row: Hashable, Sendable {
    var top: Double
    var bottom: Double

    var center: Double { (top + bottom) / 2 }
  }

  private(set) var rows: [Row] = []

  init(_ grid: LayerGrid, _ centers: [Double], _ spacing: LayeredLayout.Spacing) {
    var top = 0.0
    for (layer, vertices) in grid.layers.enumerated() {
      let height = vertices.map { grid.vertices[$0].size.height }.max() ?? 0
      rows.append(Row(top: top, bottom: top + height))
      let travels = grid.segments(below: layer).map { abs(centers[$0.upper] - centers[$0.lower]) }
      let slant = min((travels.max() ?? 0) * 0.09, 40)
      top += height + spacing.vertical + slant
    }
  }
}
