import LoopIR
import Testing

@Suite struct LayoutTests {
  static let cases: [(Layout, [Int])] = [
    (.plain(rank: 3), [2, 3, 4]),
    (.plain(rank: 0), []),
    (.blocked(rank: 4, dimension: 1, by: 8), [2, 13, 3, 2]),
    (.blocked(rank: 4, dimension: 0, by: 4), [6, 2, 3, 3]),
    (Layout(order: [.whole(1), .whole(0)]), [3, 5]),
    (Layout(order: [.whole(0), .blocks(2, of: 3), .whole(1), .within(2, of: 3)]), [2, 4, 7]),
    (
      Layout(
        order: [.blocks(0, of: 4), .whole(1), .within(0, of: 4)],
        halos: [.init(before: 0, after: 0), .init(before: 2, after: 1)]), [5, 3]
    ),
    (Layout(order: [.blocks(0, of: 2), .blocks(1, of: 2), .within(1, of: 2), .within(0, of: 2)]), [3, 5]),
  ]

  @Test(arguments: cases) func everyElementHasItsOwnPlace(_ layout: Layout, _ shape: [Int]) {
    let axes = Equation.axes(shape.indices.map { "a\($0)" }, shape)
    let offset = layout.offset(of: axes.map(\.index), shape: shape)
    let walk = TreeWalk(tensors: [:])
    let offsets = walk.positions(axes).map { position in
      var walk = walk
      walk.axes.merge(zip(axes, position)) { $1 }
      return walk.value(of: offset)
    }
    #expect(Set(offsets).count == shape.reduce(1, *))
    let count = layout.elementCount(shape: shape)
    #expect(offsets.allSatisfy { (0..<count).contains($0) })
  }

  @Test(arguments: cases) func packingIsUndone(_ layout: Layout, _ shape: [Int]) {
    var numbers = Numbers(1)
    let tensor = numbers.tensor(shape)
    let memory = layout.pack(tensor)
    #expect(layout.unpack(memory, shape: shape) == tensor)
    #expect(memory.count { $0 != 0 } == tensor.count)
  }

  @Test func knownPlaces() {
    let tensor = TensorValues(shape: [3, 2], values: [1, 2, 3, 4, 5, 6])
    #expect(Layout.blocked(rank: 2, dimension: 0, by: 2).pack(tensor) == [1, 3, 2, 4, 5, 0, 6, 0])
    let halo = Layout(
      order: [.whole(0), .whole(1)], halos: [.init(before: 0, after: 0), .init(before: 1, after: 0)])
    #expect(halo.pack(tensor) == [0, 1, 2, 0, 3, 4, 0, 5, 6])
  }
}
