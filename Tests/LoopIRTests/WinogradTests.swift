import Testing

@testable import LoopIR

/// Winograd's algorithm against the sum that it replaces.
@Suite struct WinogradTests {
  @Test(arguments: [(2, 3), (3, 3), (4, 3), (2, 4), (2, 5), (3, 5), (4, 5)])
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
    #expect(WinogradTransform(outputs: 7, taps: 3) == nil)
    #expect(WinogradTransform(outputs: 1, taps: 3) == nil)
  }

  /// Coefficients that single precision does not hold would add errors of their own.
  @Test(arguments: [(4, 3), (3, 5), (4, 5)])
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
    let transform = try #require(WinogradTransform(outputs: 2, taps: 3))
    let matrix = transform.filterMatrix
    #expect(matrix.count == 16 && matrix.allSatisfy { $0.count == 9 })
    // Row 1 of G is (1/2, 1/2, 1/2) times its sign; its product with itself has equal elements.
    #expect(Set(matrix[5]).count == 1)
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
