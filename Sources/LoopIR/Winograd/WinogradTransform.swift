/// The matrices of Winograd's minimal filtering F(m, r): m outputs of a filter with r taps by m + r - 1
/// multiplications,
///
///     y = Aᵀ ((G g) ⊙ (Bᵀ d))
///
/// Made by Toom and Cook's construction from distinct points and the point at infinity (Winograd, "Arithmetic Complexity
/// of Computations", 1980; Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2015). The points 0, ±3/4,
/// ±3/2 have coefficients that single precision holds exactly, and give errors of the size of a direct convolution's.
/// Where more are needed, for five and seven taps, ±1, ±2 and ±1/2, or eighths and quarters around 1, are exact too, and
/// let terms grow less; see `growth`. One output of one tap is the pixel itself, multiplied.
package struct WinogradTransform: Hashable, Sendable {
  package let outputs: Int
  package let taps: Int
  /// Bᵀ: transforms pixels; square, m + r - 1 rows.
  package let data: [[Rational]]
  /// G: transforms taps.
  package let filter: [[Rational]]
  /// Aᵀ: transforms products back; m rows.
  package let result: [[Rational]]

  /// Multiplications for m outputs, and pixels of a tile.
  package var size: Int { outputs + taps - 1 }

  /// nil where there are no points for that many outputs.
  package init?(outputs: Int, taps: Int) {
    let size = outputs + taps - 1
    guard outputs > 1 && taps > 1 || size == 1, let points = Self.points(size - 1) else { return nil }
    self.outputs = outputs
    self.taps = taps
    let one = Rational(1)
    let zero = Rational(0)
    data =
      points.indices.map { place in
        Self.polynomial(roots: points.enumerated().filter { $0.offset != place }.map(\.element)) + [zero]
      } + [Self.polynomial(roots: points)]
    filter =
      points.indices.map { place in
        let differences = points.indices.filter { $0 != place }.map { points[place] + -points[$0] }
        let scale = differences.reduce(one) { $0 * $1 }
        return Self.powers(points[place], taps).map { $0 / scale }
      } + [(0..<taps).map { $0 == taps - 1 ? one : zero }]
    result = (0..<outputs).map { power in
      points.map { Self.powers($0, outputs)[power] } + [power == outputs - 1 ? one : zero]
    }
  }

  private static func points(_ count: Int) -> [Rational]? {
    switch count {
    case 0: []
    case 3: [Rational(0), Rational(1), Rational(-1)]
    case 4: [Rational(0), Rational(3, 4), Rational(-3, 4), Rational(3, 2)]
    case 5: [Rational(0), Rational(3, 4), Rational(-3, 4), Rational(3, 2), Rational(-3, 2)]
    case 6: [Rational(0), Rational(1), Rational(-1), Rational(2), Rational(-2), Rational(1, 2)]
    case 7: [Rational(0), Rational(1), Rational(-1), Rational(2), Rational(-2), Rational(1, 2), Rational(-1, 2)]
    case 8: [Rational(0)] + pairs([Rational(1, 2), Rational(7, 8), Rational(5, 4)]) + [Rational(5, 2)]
    case 9: [Rational(0)] + pairs([Rational(1, 2), Rational(3, 4), Rational(5, 4), Rational(5, 2)])
    default: nil
    }
  }

  private static func pairs(_ points: [Rational]) -> [Rational] { points.flatMap { [$0, -$0] } }

  /// Coefficients of the product of (x - root), the constant first.
  private static func polynomial(roots: [Rational]) -> [Rational] {
    roots.reduce([Rational(1)]) { coefficients, root in
      let shifted = [Rational(0)] + coefficients
      let scaled = coefficients.map { -root * $0 } + [Rational(0)]
      return zip(shifted, scaled).map { $0 + $1 }
    }
  }

  private static func powers(_ value: Rational, _ count: Int) -> [Rational] {
    (0..<count).reduce(into: []) { powers, _ in powers.append(powers.last.map { $0 * value } ?? Rational(1)) }
  }

  /// How much larger than the products of a direct convolution the terms get that cancel each other, at most:
  /// Σp |Aᵀ(i,p)| |G(p,t)| |Bᵀ(p,j)| over all i, t and j. Rounding errors grow with it.
  package var growth: Double {
    var most = 0.0
    for row in result {
      for tap in 0..<taps {
        for pixel in 0..<size {
          let terms = (0..<size).map { place in
            abs(row[place].double) * abs(filter[place][tap].double) * abs(data[place][pixel].double)
          }
          most = max(most, terms.reduce(0, +))
        }
      }
    }
    return most
  }
}
