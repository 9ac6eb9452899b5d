/// An exact fraction, in lowest terms with a positive denominator: the matrices of Winograd's algorithm are
/// computed without rounding.
package struct Rational: Hashable, Sendable {
  package let numerator: Int
  package let denominator: Int

  package init(_ numerator: Int, _ denominator: Int = 1) {
    precondition(denominator != 0, "a fraction with denominator 0")
    let divisor = Self.commonDivisor(abs(numerator), abs(denominator))
    let sign = denominator < 0 ? -1 : 1
    self.numerator = sign * numerator / divisor
    self.denominator = sign * denominator / divisor
  }

  private static func commonDivisor(_ a: Int, _ b: Int) -> Int {
    b == 0 ? Swift.max(a, 1) : commonDivisor(b, a % b)
  }

  package static func + (left: Rational, right: Rational) -> Rational {
    let numerator = left.numerator * right.denominator + right.numerator * left.denominator
    return Rational(numerator, left.denominator * right.denominator)
  }

  package static func * (left: Rational, right: Rational) -> Rational {
    Rational(left.numerator * right.numerator, left.denominator * right.denominator)
  }

  package static func / (left: Rational, right: Rational) -> Rational {
    Rational(left.numerator * right.denominator, left.denominator * right.numerator)
  }

  package static prefix func - (value: Rational) -> Rational { Rational(-value.numerator, value.denominator) }

  package var double: Double { Double(numerator) / Double(denominator) }
}
