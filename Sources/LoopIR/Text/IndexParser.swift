import SourceText

extension LoopParser {
  /// `i*2+p-1`: sums of products. What is subtracted becomes a negative factor, as the printer has it.
  mutating func index() throws(CompileError) -> Index {
    try cursor.enter(limit: Self.depthLimit)
    defer { cursor.leave() }
    let start = cursor.position
    var sum = try indexProduct().index
    while true {
      if cursor.accept(.plus) != nil {
        sum = .sum(sum, try indexProduct().index)
      } else if cursor.accept(.minus) != nil {
        sum = .sum(sum, try indexProduct().negated)
      } else {
        break
      }
      try countOperator()
    }
    if sum.magnitude > Self.indexLimit {
      throw CompileError(
        "index-too-large", "position may lie beyond \(Self.indexLimit)", at: cursor.range(from: start))
    }
    return sum
  }

  /// A product, and whether it ends in a plain number, which takes a sign in front upon itself.
  private struct Product {
    var index: Index
    var endsInNumber: Bool

    var negated: Index {
      switch index {
      case .constant(let value) where endsInNumber: .constant(-value)
      case .product(let left, .constant(let factor)) where endsInNumber: .product(left, .constant(-factor))
      case .constant, .axis, .sum, .product, .quotient, .remainder, .minimum, .maximum, .value:
        .product(index, .constant(-1))
      }
    }
  }

  private mutating func indexProduct() throws(CompileError) -> Product {
    var product = Product(index: .constant(0), endsInNumber: atNumber)
    product.index = try indexFactor()
    while true {
      if cursor.accept(.star) != nil {
        let endsInNumber = atNumber
        product = Product(index: .product(product.index, try indexFactor()), endsInNumber: endsInNumber)
      } else if cursor.accept(.slash) != nil {
        product = Product(index: .quotient(product.index, try divisor()), endsInNumber: false)
      } else if cursor.accept(.percent) != nil {
        product = Product(index: .remainder(product.index, try divisor()), endsInNumber: false)
      } else {
        return product
      }
      try countOperator()
    }
  }

  private var atNumber: Bool { cursor.at(.minus) || cursor.atInteger }

  private mutating func divisor() throws(CompileError) -> Int {
    let (value, range) = try cursor.expectInteger("a divisor")
    if value < 1 {
      throw CompileError("index-divisor", "expected a divisor of at least 1, found \(value)", at: range)
    }
    return value
  }

  private mutating func indexFactor() throws(CompileError) -> Index {
    if cursor.accept(.minus) != nil { return .constant(-(try cursor.expectInteger().value)) }
    if cursor.atInteger { return .constant(try cursor.expectInteger().value) }
    if cursor.accept(.leftParen) != nil {
      let grouped = try index()
      try cursor.expect(.rightParen)
      return grouped
    }
    guard cursor.at(.leftParen, ahead: 1) else { return .axis(try axis()) }
    let (name, range) = try cursor.expectIdentifier("an index")
    try cursor.expect(.leftParen)
    let value = try indexCall(name, range)
    try cursor.expect(.rightParen)
    return value
  }

  private mutating func indexCall(_ name: String, _ range: SourceRange) throws(CompileError) -> Index {
    switch name {
    case Word.position: return .value(try scalar())
    case BinaryFunction.minimum.spelling: return .minimum(try index(), try nextIndex())
    case BinaryFunction.maximum.spelling: return .maximum(try index(), try nextIndex())
    default: throw unknown("function", name, range, among: [Word.position, "max", "min"])
    }
  }

  private mutating func nextIndex() throws(CompileError) -> Index {
    try cursor.expect(.comma)
    return try index()
  }

  mutating func axis() throws(CompileError) -> Axis {
    let (name, range) = try cursor.expectIdentifier("an axis")
    guard let axis = axes[name] else { throw unknown("axis", name, range, among: axes.keys.sorted()) }
    return axis
  }
}

extension TokenCursor {
  var atInteger: Bool {
    if case .integer = peek().kind { true } else { false }
  }
}

extension Index {
  /// No part of the expression is farther from 0, the largest integer standing for all beyond; data are not
  /// counted.
  fileprivate var magnitude: Int {
    switch self {
    case .constant(let value): Int(clamping: value.magnitude)
    case .axis(let axis): axis.extent
    case .sum(let left, let right):
      Self.clamped(left.magnitude.addingReportingOverflow(right.magnitude))
    case .product(let left, let right):
      max(
        left.magnitude, right.magnitude,
        Self.clamped(left.magnitude.multipliedReportingOverflow(by: right.magnitude)))
    case .minimum(let left, let right), .maximum(let left, let right): max(left.magnitude, right.magnitude)
    case .quotient(let value, let divisor), .remainder(let value, let divisor): max(value.magnitude, divisor)
    case .value: 0
    }
  }

  private static func clamped(_ result: (partialValue: Int, overflow: Bool)) -> Int {
    result.overflow ? .max : result.partialValue
  }
}
