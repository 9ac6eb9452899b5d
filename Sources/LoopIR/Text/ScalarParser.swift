import SourceText

extension LoopParser {
  /// An expression whose operators bind at least as tightly as the level.
  mutating func scalar(_ level: Precedence = .disjunction) throws(CompileError) -> Scalar {
    switch level {
    case .primary: return try primary()
    case .sign: return try signed()
    case .disjunction, .conjunction, .comparison, .sum, .product: break
    }
    var left = try scalar(level.next)
    while let function = acceptOperator(level) {
      try countOperator()
      left = .binary(function, left, try scalar(level.next))
      if level == .comparison { break }
    }
    return left
  }

  private mutating func acceptOperator(_ level: Precedence) -> BinaryFunction? {
    let spelling: String
    switch cursor.peek().kind {
    case .punctuation(let sign): spelling = sign.rawValue
    case .identifier(let word): spelling = word
    case .integer, .float, .string, .endOfFile: return nil
    }
    guard let function = BinaryFunction(infix: spelling, level) else { return nil }
    cursor.advance()
    return function
  }

  private mutating func signed() throws(CompileError) -> Scalar {
    try cursor.enter(limit: Self.depthLimit)
    defer { cursor.leave() }
    guard cursor.accept(.minus) != nil else { return try primary() }
    if let number = acceptNumber() { return .constant(-number) }
    return .unary(.negate, try signed())
  }

  /// A number without a sign.
  private mutating func acceptNumber() -> Double? {
    let number: Double
    switch cursor.peek().kind {
    case .integer(let value): number = Double(value)
    case .float(let value): number = value
    case .identifier(Word.infinity): number = .infinity
    case .identifier(Word.notANumber): number = .nan
    case .identifier, .string, .punctuation, .endOfFile: return nil
    }
    cursor.advance()
    return number
  }

  private mutating func primary() throws(CompileError) -> Scalar {
    if let number = acceptNumber() { return .constant(number) }
    if cursor.accept(.leftParen) != nil {
      let grouped = try scalar()
      try cursor.expect(.rightParen)
      return grouped
    }
    if cursor.at(.leftBracket, ahead: 1) { return .read(try access()) }
    let (name, range) = try cursor.expectIdentifier("an expression")
    if cursor.accept(.leftParen) != nil { return try call(name, range) }
    if let type = locals[name] { return .local(name, type) }
    guard let axis = axes[name] else {
      throw unknown("name", name, range, among: (locals.keys.sorted() + axes.keys.sorted()))
    }
    return .index(.axis(axis))
  }

  /// What follows `name(`.
  private mutating func call(_ name: String, _ range: SourceRange) throws(CompileError) -> Scalar {
    if let reduction = Reduction(rawValue: name) {
      var reduced: [Axis] = []
      repeat { reduced.append(try axis()) } while cursor.accept(.comma) != nil
      try cursor.expect(.rightParen)
      return .reduce(reduction, reduced, try scalar(.product))
    }
    let value = try function(name, range)
    try cursor.expect(.rightParen)
    return value
  }

  private mutating func function(_ name: String, _ range: SourceRange) throws(CompileError) -> Scalar {
    if name == Word.index { return .index(try index()) }
    if name == Word.select { return .select(try scalar(), try nextArgument(), try nextArgument()) }
    if name == Word.random {
      var words = [try scalar()]
      while words.count < 6 { words.append(try nextArgument()) }
      return .random(words)
    }
    if let type = ElementType(rawValue: name) { return .cast(type, try scalar()) }
    if let function = UnaryFunction(spelling: name) { return .unary(function, try scalar()) }
    if let function = BinaryFunction(callSpelling: name) {
      return .binary(function, try scalar(), try nextArgument())
    }
    let names = UnaryFunction.allCases.compactMap(\.spelling) + BinaryFunction.allCases.map(\.spelling)
    throw unknown("function", name, range, among: names + [Word.select, Word.index, Word.random])
  }

  private mutating func nextArgument() throws(CompileError) -> Scalar {
    try cursor.expect(.comma)
    return try scalar()
  }

  /// `x[n,c,i+p-1 | 0]`
  mutating func access() throws(CompileError) -> Access {
    var access = Access(try tensor(), [])
    let bracket = try cursor.expect(.leftBracket)
    while !cursor.at(.rightBracket), !cursor.at(.bar) {
      if !access.indices.isEmpty { try cursor.expect(.comma) }
      access.indices.append(try index())
    }
    if cursor.accept(.bar) != nil {
      let isNegative = cursor.accept(.minus) != nil
      guard let number = acceptNumber() else { throw cursor.unexpected("a number") }
      access.outside = isNegative ? -number : number
    }
    try checkRank(access.tensor, access.indices, bracket)
    try cursor.expect(.rightBracket)
    return access
  }

  mutating func tensor() throws(CompileError) -> Tensor {
    let (name, range) = try cursor.expectIdentifier("a tensor")
    guard let tensor = tensors[name] else {
      throw unknown("tensor", name, range, among: tensors.keys.sorted())
    }
    return tensor
  }

  func checkRank(_ tensor: Tensor, _ indices: [Index], _ bracket: Token) throws(CompileError) {
    if indices.count == tensor.rank { return }
    throw CompileError(
      "index-count", "expected \(tensor.rank) indices for '\(tensor)', found \(indices.count)",
      at: bracket.range)
  }
}
