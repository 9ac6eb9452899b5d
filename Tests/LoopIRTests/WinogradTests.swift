import Testing

@testable import LoopIR

/// Winograd's algorithm against the sum that it replaces.
@Suite struct WinogradTests {
  @Test(arguments: [(2, 3), (3, 3), (4, 3), (2, 4), (2, 5), (3, 5), (4, 5), (2, 7), (3, 7), (4, 7)])
  func filtersExactly(outputs: Int, taps: Int) throws {
    let transform = try #require(WinogradTransform(outputs: outputs, taps: taps))
    // Whole numbers, so that everything stays exact.
    let pixels = (0..<transform.size).map { Rational(($0 * 7 + 3) % 11 - 5) }
    let filter = (0..<taps).map { Rational(($0 * 5 + 2) % 7 - 3) }
    let transformed = product(transform.data, pixels)
    let products = zip(product(transform.filter, filter), transformed).map { $0 * $1 }
    let expected = (0..<outputs).map { place in
      (0..<taps).reduce(Rational(0)) { $0 + pixels[place + $1] * filter[$1] }
    }
    #expect(product(transform.result, products) == expected)
  }

  @Test func hasNoPointsForLargeTiles() {
    #expect(WinogradTransform(outputs: 8, taps: 4) == nil)
    #expect(WinogradTransform(outputs: 1, taps: 3) == nil)
  }

  /// Coefficients that single precision does not hold would add errors of their own.
  @Test(arguments: [(4, 3), (3, 5), (4, 5), (3, 7), (4, 7)])
  func pixelsHaveExactCoefficients(outputs: Int, taps: Int) throws {
    let transform = try #require(WinogradTransform(outputs: outputs, taps: taps))
    for factor in (transform.data + transform.result).joined() {
      #expect(Double(Float(factor.double)) == factor.double)
    }
  }

  @Test func rationalsAreInLowestTerms() {
    #expect(Rational(6, -8) == Rational(-3, 4))
    #expect(Rational(0, 5) == Rational(0))
    #expect((Rational(1, 6) + Rational(1, 3)).denominator == 2)
  }

  @Test func filterMatrixIsTheProductOfBothDirections() throws {
    let window = try #require(WinogradWindow(outputs: 2, taps: (3, 3)))
    let matrix = window.filterMatrix
    #expect(matrix.count == 16 && matrix.allSatisfy { $0.count == 9 })
    // Row 1 of G is (1/2, 1/2, 1/2) times its sign; its product with itself has equal elements.
    #expect(Set(matrix[5]).count == 1)
  }

  /// One row of taps: pixels of one row are multiplied with the transform of that row alone.
  @Test func stripsAreTransformedAlongTheirLength() throws {
    let transform = try #require(WinogradTransform(outputs: 4, taps: 7))
    let row = try #require(WinogradWindow(outputs: 4, taps: (1, 7)))
    #expect(row.isStrip && row.size == 10 && row.directSize == 28)
    #expect(row.growth == transform.growth)
    #expect(row.filterMatrix == transform.filter.map { $0.map(\.double) })
    let column = try #require(WinogradWindow(outputs: 4, taps: (7, 1)))
    #expect(column != row && column.filterMatrix == row.filterMatrix)
    #expect(row.filterCount(of: [2, 3, 1, 7]) == 60 && row.filterCount(of: [2, 3, 7, 1]) == 0)
  }

  @Test func windowsAreSquaresOrStrips() {
    #expect(WinogradWindow(outputs: 2, taps: (3, 5)) == nil)
    #expect(WinogradWindow(outputs: 2, taps: (1, 1)) == nil)
    #expect(WinogradWindow(outputs: 2, taps: (3, 3))?.isStrip == false)
  }

  private func product(_ matrix: [[Rational]], _ column: [Rational]) -> [Rational] {
    matrix.map { row in zip(row, column).reduce(Rational(0)) { $0 + $1.0 * $1.1 } }
  }
}

/// What a concatenation looks like as an equation.
@Suite struct ConcatenationTests {
  private let a = Tensor("a", .f32, [1, 16, 4])
  private let b = Tensor("b", .f32, [1, 32, 4])
  private let axes = [Axis("n", 1), Axis("c", 48), Axis("i", 4)]

  private func equation(shift: Int) -> Equation {
    let second = b[[axes[0].index, axes[1] - shift, axes[2].index], outside: 0]
    let first = a[axes.map(\.index), outside: 0]
    let value = select(.index(.axis(axes[1])) .< 16, first, second)
    return Equation(Tensor("y", .f32, [1, 48, 4]), axes, value)
  }

  @Test func partsFollowEachOther() {
    let found = equation(shift: 16).concatenation
    #expect(found?.axis == 1)
    #expect(found?.parts == [.init(tensor: a, start: 0), .init(tensor: b, start: 16)])
  }

  @Test func aGapIsNoConcatenation() {
    #expect(equation(shift: 12).concatenation == nil)
  }

  @Test func aCopyIsNoConcatenation() {
    let x = Tensor("x", .f32, [1, 48, 4])
    #expect(Equation(Tensor("y", .f32, [1, 48, 4]), axes, x[axes]).concatenation == nil)
  }
}
