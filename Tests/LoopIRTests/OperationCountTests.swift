import Testing

@testable import LoopIR

@Suite struct OperationCountTests {
  static let (i, j) = (Axis("i", 4), Axis("j", 4))

  /// A sum of a matrix's column, over `count` rows.
  static func columnSum(_ name: String, _ axis: Axis, over count: Int) -> Scalar {
    let rows = Axis("rows of \(name)", count)
    return reduce(.sum, [rows], Tensor(name, .f32, [count, 4])[[rows, axis]])
  }

  @Test func sumsOfProductsCountTwo() {
    let k = Axis("k", 5)
    let (a, b) = (Tensor("a", .f32, [4, 5]), Tensor("b", .f32, [5, 4]))
    let product = reduce(.sum, [k], a[[Self.i, k]] * b[[k, Self.j]])
    #expect(Equation(Tensor("y", .f32, [4, 4]), [Self.i, Self.j], product).operationCount == 4 * 4 * 5 * 2)
  }

  /// `einsum("ki,lj->ij")` adds over two axes that do not meet: their extents multiply beyond all integers.
  @Test func severalLongSumsSaturate() {
    let count = 1 << 33
    let nested = reduce(
      .sum, [Axis("k", count)], Self.columnSum("b", Self.j, over: count) * Self.columnSum("a", Self.i, over: 2))
    #expect(Equation(Tensor("y", .f32, [4, 4]), [Self.i, Self.j], nested).operationCount == .max)
    #expect([Axis("k", count), Axis("l", count)].placeCount == .max)
    #expect((Int.max - 1).addedSaturating(2) == .max)
    #expect(Int.max.multipliedSaturating(by: [2, 0]) == 0)
  }
}
