import LoopIR
import SourceText

/// A text that holds the elements of a tensor and nothing else: `2.5`, `[[1, 2], [3, 4]]`.
package struct TensorLiteral {
  private let value: Attribute
  private let range: SourceRange
  package let shape: [Int]

  package init(_ file: SourceFile) throws(CompileError) {
    var cursor = TokenCursor(file)
    try cursor.throwIfErrors()
    value = try cursor.literal()
    range = cursor.range(from: 0)
    try cursor.expectEnd()
    do {
      shape = try Literals.shape(value)
    } catch {
      throw CompileError("literal", error.message, at: range, help: error.help)
    }
  }

  /// The elements in the narrowest of three types that holds all of them: bool, i64 or f64.
  package func natural() throws(CompileError) -> TensorData {
    let elements = Literals.flatten(value)
    let isTruth = elements.allSatisfy { if case .bool = $0 { true } else { false } }
    let isWhole = elements.allSatisfy { if case .float = $0 { false } else { true } }
    return try data(TensorType(isTruth ? .bool : isWhole ? .i64 : .f64, shape))
  }

  /// The elements as a tensor of this type; a single number fills any shape.
  package func data(_ type: TensorType) throws(CompileError) -> TensorData {
    do {
      return try Literals.data(value, type)
    } catch {
      throw CompileError("literal", error.message, at: range, help: error.help)
    }
  }
}

extension TokenCursor {
  /// The elements of a tensor, as `TensorData.literal` writes them.
  mutating func tensorLiteral(_ type: TensorType) throws(CompileError) -> TensorData {
    let start = position
    let value = try literal()
    do {
      return try Literals.data(value, type)
    } catch {
      throw CompileError("literal", error.message, at: range(from: start), help: error.help)
    }
  }

  mutating func literalNumber() throws(CompileError) -> Double {
    let start = position
    let value = try literal()
    do {
      return try CompileTime.number(value)
    } catch {
      throw CompileError("unexpected-token", error.message, at: range(from: start))
    }
  }

  /// A number, a truth value, or a list of such.
  mutating func literal() throws(CompileError) -> Attribute {
    try enter()
    defer { leave() }
    guard accept(.leftBracket) != nil else { return try atom() }
    var elements: [Attribute] = []
    while !at(.rightBracket) {
      elements.append(try literal())
      if accept(.comma) == nil { break }
    }
    try expect(.rightBracket)
    return .list(elements)
  }

  private mutating func atom() throws(CompileError) -> Attribute {
    let isNegative = accept(.minus) != nil
    let kind = peek().kind
    switch kind {
    case .integer(let value):
      advance()
      guard isNegative else { return .int(value) }
      // The least integer has no literal of its own.
      return .int(-value - (accept(.minus) == nil ? 0 : try one()))
    case .float(let value):
      advance()
      return .float(isNegative ? -value : value)
    case .identifier("inf"):
      advance()
      return .float(isNegative ? -.infinity : .infinity)
    case .identifier("nan"):
      advance()
      return .float(.nan)
    case .identifier("true") where !isNegative, .identifier("false") where !isNegative:
      advance()
      return .bool(kind == .identifier("true"))
    case .identifier, .string, .punctuation, .endOfFile:
      throw unexpected("a number")
    }
  }

  private mutating func one() throws(CompileError) -> Int {
    let (value, range) = try expectInteger("1")
    if value == 1 { return 1 }
    throw CompileError("unexpected-token", "expected 1, found \(value)", at: range)
  }
}
