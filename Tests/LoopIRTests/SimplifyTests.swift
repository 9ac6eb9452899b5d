import LoopIR
import Testing

@Suite struct SimplifyTests {
  static let walk = TreeWalk(tensors: [:])
  static let positions = walk.positions(RandomTrees.axes)

  /// The values of an index for all values of its axes.
  static func values(_ index: Index) -> [Int] {
    positions.map { position in
      var walk = walk
      walk.axes.merge(zip(RandomTrees.axes, position)) { $1 }
      return walk.value(of: index)
    }
  }

  @Test(arguments: 0..<150) func simplifiedIsEqual(_ seed: Int) {
    var trees = RandomTrees(UInt64(seed))
    let index = trees.index(4)
    let (values, simplified) = (Self.values(index), index.simplified)
    #expect(Self.values(simplified) == values, "\(index) became \(simplified)")
    #expect(simplified.simplified == simplified, "\(simplified) is not simple")
    for part in [index, simplified] {
      guard let range = part.range else { continue }
      #expect(values.allSatisfy(range.contains), "\(part) leaves \(range)")
    }
  }

  static let (i, k) = (Axis("i", 5), Axis("k", 12))

  /// One law of `Index.simplified` each.
  static let laws: [(Index, String)] = [
    (k * 4 + i - k * 4, "i"),
    ((k * 16 + i).dividedRoundingDown(by: 16), "k"),
    ((k * 16 + i).remainder(dividingBy: 16), "i"),
    ((i + 20).dividedRoundingDown(by: 8), "(i+4)/8+2"),
    ((i + 16).dividedRoundingDown(by: 8), "2"),
    (k.index.dividedRoundingDown(by: 2).dividedRoundingDown(by: 3), "k/6"),
    (k.index.remainder(dividingBy: 12), "k"),
    (k.index.dividedRoundingDown(by: 5) * 5 + k.index.remainder(dividingBy: 5), "k"),
    (k.index.remainder(dividingBy: 5) * 3 + i + k.index.dividedRoundingDown(by: 5) * 15, "i+k*3"),
    (k.index.remainder(dividingBy: 5) + k.index.dividedRoundingDown(by: 5) * 10, "k%5+k/5*10"),
    ((k - 1).remainder(dividingBy: 4), "(k+3)%4"),
    (i.index.clamped(to: 0...4), "i"),
    ((i - 1).clamped(to: 0...4), "max(i-1, 0)"),
    (Index.minimum(.axis(i), .constant(9)).simplified, "i"),
    ((i + 1) * 3 - 2, "i*3+1"),
    (.value(.index(k + 0)).self, "int(k)"),
    (Index.value(.index(k * 1)).simplified, "k"),
  ]

  @Test(arguments: laws) func law(_ index: Index, _ text: String) {
    #expect(index.description == text)
  }

  @Test func linearForm() {
    let form = LinearForm(k * 3 + i.index.dividedRoundingDown(by: 2) - k + 7)
    #expect(form.factor(of: Self.k) == 2)
    #expect(form.factor(of: Self.i) == 0)
    #expect(form.constant == 7)
    #expect(!form.isAffine)
    #expect(LinearForm(k * 3 + i).isAffine)
  }

  private var i: Axis { Self.i }
  private var k: Axis { Self.k }
}
