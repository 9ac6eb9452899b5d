extension Index: CustomStringConvertible {
  /// Compact, as in `i*2+p-1`; `LoopParser` reads it back as the same tree.
  package var description: String { text(.sum) }

  /// The text, in parentheses where the index binds more loosely than its place wants.
  private func text(_ place: Precedence) -> String {
    precedence < place ? "(\(bareText))" : bareText
  }

  private var precedence: Precedence {
    switch self {
    case .constant(let value): value < 0 ? .sign : .primary
    case .axis, .minimum, .maximum, .value: .primary
    case .sum: .sum
    case .product, .quotient, .remainder: .product
    }
  }

  private var bareText: String {
    switch self {
    case .constant(let value): "\(value)"
    case .axis(let axis): axis.name
    case .sum(let left, let right): left.text(.sum) + right.addend
    case .product(let left, let right): left.text(.product) + "*" + right.text(.sign)
    case .quotient(let value, let divisor): value.text(.product) + "/\(divisor)"
    case .remainder(let value, let divisor): value.text(.product) + "%\(divisor)"
    case .minimum(let left, let right): "min(\(left), \(right))"
    case .maximum(let left, let right): "max(\(left), \(right))"
    case .value(let scalar): "\(Word.position)(\(scalar))"
    }
  }

  /// The right side of a sum with its sign: a negative factor is subtracted.
  private var addend: String {
    switch self {
    case .constant(let value) where value < 0:
      return "\(value)"
    case .product(let value, .constant(-1)):
      let isFactored = if case .product(_, .constant) = value { true } else { false }
      let isConstant = if case .constant = value { true } else { false }
      return isFactored || isConstant ? "-(\(value.bareText))" : "-" + value.text(.product)
    case .product(let value, .constant(let factor)) where factor < 0 && factor > .min:
      return "-" + value.text(.product) + "*\(-factor)"
    default:
      return "+" + text(.product)
    }
  }
}
