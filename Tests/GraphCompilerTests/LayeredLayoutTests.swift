import Testing

@testable import GraphCompiler

/// Laws of the layered layout, on graphs made by chance.
@Suite struct LayeredLayoutTests {
  @Test(arguments: 0..<40) func keepsApartWhatIsApart(_ seed: Int) {
    var random = SmallRandom(seed)
    let count = 2 + random.below(40)
    let sizes = (0..<count).map { _ in Size(Double(20 + random.below(100)), Double(10 + random.below(40))) }
    var links: [LayeredLayout.Link] = []
    for target in 1..<count {
      for _ in 0..<random.below(4) { links.append(.init(from: random.below(target), to: target)) }
    }
    let layout = LayeredLayout(sizes: sizes, links: links)
    #expect(layout.frames.map { Size($0.width, $0.height) } == sizes)
    #expect(layout.frames.overlaps.isEmpty)
    #expect(layout.frames.allSatisfy { $0.x >= -0.01 && $0.right <= layout.size.width + 0.01 })
    for (link, route) in zip(links, layout.routes) {
      #expect(route.first?.y == layout.frames[link.from].bottom)
      #expect(route.last?.y == layout.frames[link.to].y)
      #expect(zip(route, route.dropFirst()).allSatisfy { $0.y <= $1.y + 0.01 })
      for (start, end) in zip(route, route.dropFirst()) where end.y - start.y > 0.1 {
        let piece = Rect(between: start, end)
        #expect(!layout.frames.contains { $0.overlaps(piece) }, "link \(link) runs through an item")
      }
    }
    #expect(LayeredLayout(sizes: sizes, links: links).frames == layout.frames)
  }

  @Test func chainIsStraight() {
    let sizes = [Size(40, 20), Size(90, 30), Size(60, 20)]
    let layout = LayeredLayout(sizes: sizes, links: [.init(from: 0, to: 1), .init(from: 1, to: 2)])
    #expect(Set(layout.frames.map(\.center.x)) == [45])
  }

  @Test func shortcutLeavesTheChainStraight() {
    let sizes = Array(repeating: Size(80, 20), count: 5)
    let chain = (0..<4).map { LayeredLayout.Link(from: $0, to: $0 + 1) }
    let layout = LayeredLayout(sizes: sizes, links: chain + [.init(from: 0, to: 3)])
    #expect(Set(layout.frames.map(\.center.x)).count == 1)
    #expect((layout.routes[4].map(\.x).max() ?? 0) > 80)
  }

  @Test func branchesStandSymmetrically() {
    let sizes = Array(repeating: Size(80, 20), count: 6)
    let out = (1...4).map { LayeredLayout.Link(from: 0, to: $0) }
    let back = (1...4).map { LayeredLayout.Link(from: $0, to: 5) }
    let layout = LayeredLayout(sizes: sizes, links: out + back)
    let centers = layout.frames.map(\.center.x)
    #expect(centers[0] == centers[5])
    #expect(centers[1] < centers[2] && centers[2] < centers[3] && centers[3] < centers[4])
    #expect(centers[1] + centers[4] == 2 * centers[0])
  }

  @Test func uncrossesTwoLinks() {
    let sizes = Array(repeating: Size(40, 20), count: 4)
    let links: [LayeredLayout.Link] = [.init(from: 0, to: 3), .init(from: 1, to: 2)]
    var grid = LayerGrid(sizes: sizes, links: links, bendWidth: 10)
    #expect(grid.crossingCount == 1)
    grid.orderLayers()
    #expect(grid.crossingCount == 0)
  }
}

/// A linear congruential generator: the same numbers everywhere.
private struct SmallRandom {
  private var state: UInt64

  init(_ seed: Int) { state = UInt64(seed) &* 7919 &+ 17 }

  mutating func below(_ limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(limit))
  }
}
