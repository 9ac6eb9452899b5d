extension Scalar: CustomStringConvertible {
  /// `max(b[o] + sum(c,p,q) x[n,c,i+p-1,j+q-1 | 0] * w[o,c,p,q], 0)`, with no more parentheses than it takes
  /// to read the same tree back.
  package var description: String { text(.disjunction) }

  private func text(_ place: Precedence) -> String {
    precedence < place ? "(\(bareText))" : bareText
  }

  private var precedence: Precedence {
    switch self {
    case .constant(let value): value < 0 ? .sign : .primary
    case .index, .read, .select, .cast, .random, .local: .primary
    case .unary(let function, _): function == .negate ? .sign : .primary
    case .binary(let function, _, _): function.notation?.precedence ?? .primary
    case .reduce: .product
    }
  }

  private var bareText: String {
    switch self {
    case .constant(let value):
      return Self.text(of: value)
    case .index(.axis(let axis)):
      return axis.name
    case .index(let index):
      return "\(Word.index)(\(index))"
    case .read(let access):
      return access.description
    case .unary(let function, let operand):
      guard let name = function.spelling else { return "-" + operand.negated }
      return "\(name)(\(operand))"
    case .binary(let function, let left, let right):
      guard let (precedence, sign) = function.notation else {
        return "\(function.spelling)(\(left), \(right))"
      }
      return "\(left.leftText(precedence)) \(sign) \(right.text(precedence.next))"
    case .select(let condition, let left, let right):
      return "\(Word.select)(\(condition), \(left), \(right))"
    case .reduce(let reduction, let axes, let body):
      return "\(reduction.rawValue)(\(axes.map(\.name).joined(separator: ","))) \(body.text(.product))"
    case .cast(let type, let operand):
      return "\(type.rawValue)(\(operand))"
    case .random(let words):
      return "\(Word.random)(\(words.map(\.description).joined(separator: ", ")))"
    case .local(let name, _):
      return name
    }
  }

  /// A literal after a minus sign would be a negative literal.
  private var negated: String {
    if case .constant = self { "(\(bareText))" } else { text(.sign) }
  }

  /// As left operand. Operators of a level group to the left, comparisons do not group, and a reduction would
  /// take the rest of a product with it.
  private func leftText(_ precedence: Precedence) -> String {
    if precedence == .product, case .reduce = self { return "(\(bareText))" }
    return text(precedence == .comparison ? .sum : precedence)
  }

  /// The shortest text that reads back to the same number.
  static func text(of value: Double) -> String {
    if value.isNaN { return Word.notANumber }
    if value.isInfinite { return value < 0 ? "-\(Word.infinity)" : Word.infinity }
    let isWhole = value == value.rounded() && abs(value) < 1e15
    return isWhole && !(value == 0 && value.sign == .minus) ? "\(Int(value))" : "\(value)"
  }
}

extension Access: CustomStringConvertible {
  /// `x[n,c,i+p-1 | 0]`
  package var description: String {
    let border = outside.map { " | \(Scalar.text(of: $0))" } ?? ""
    return "\(tensor.name)[\(indices.map(\.description).joined(separator: ","))\(border)]"
  }
}
