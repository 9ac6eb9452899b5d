import TensorFiles

/// Reads the lines of a table: fields between commas, semicolons or tabs, in double quotes where they hold one of these
/// (RFC 4180). The first line tells which separator it is.
struct CSVTable {
  /// Where a field lies, without quotes and the spaces around it.
  struct Field {
    var range: Range<Int>
    /// Whether two quotes in it stand for one.
    var isQuoted = false
  }

  private let bytes: UnsafeRawBufferPointer
  private let path: String
  private let separator: UInt8
  private var position = 0
  /// Where the line that was read last begins, from 1.
  private(set) var line = 0
  private var lineEnds = 0

  private static let newline = UInt8(ascii: "\n")
  private static let quote = UInt8(ascii: "\"")

  /// The bytes must live as long as this value.
  init(_ bytes: UnsafeRawBufferPointer, path: String) {
    self.bytes = bytes
    self.path = path
    // The mark of UTF-8 that some programs put first.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    let first = bytes[position...].prefix { $0 != Self.newline }
    let separators = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
    separator = separators.first(where: first.contains) ?? separators[0]
  }

  /// Reads the fields of the next line that is not empty.
  /// - Returns: false at the end of the table.
  mutating func next(into fields: inout [Field]) throws(TensorFileError) -> Bool {
    fields.removeAll(keepingCapacity: true)
    while position < bytes.count {
      line = lineEnds + 1
      repeat { fields.append(try field()) } while takeSeparator()
      takeLineEnd()
      if fields.count > 1 || !fields[0].range.isEmpty || fields[0].isQuoted { return true }
      fields.removeAll(keepingCapacity: true)
    }
    return false
  }

  private mutating func field() throws(TensorFileError) -> Field {
    skipSpace()
    if position < bytes.count, bytes[position] == Self.quote { return try quotedField() }
    let start = position
    while position < bytes.count, bytes[position] != separator, bytes[position] != Self.newline {
      position += 1
    }
    var end = position
    while end > start, isSpace(bytes[end - 1]) { end -= 1 }
    return Field(range: start..<end)
  }

  private mutating func quotedField() throws(TensorFileError) -> Field {
    let start = position + 1
    position = start
    while position < bytes.count {
      if bytes[position] == Self.newline { lineEnds += 1 }
      guard bytes[position] == Self.quote else {
        position += 1
        continue
      }
      if position + 1 < bytes.count, bytes[position + 1] == Self.quote {
        position += 2
        continue
      }
      let field = Field(range: start..<position, isQuoted: true)
      position += 1
      skipSpace()
      guard position == bytes.count || bytes[position] == separator || bytes[position] == Self.newline else {
        throw mistake("expected the end of the field behind its closing quote")
      }
      return field
    }
    throw mistake("a quote is not closed")
  }

  private mutating func takeSeparator() -> Bool {
    guard position < bytes.count, bytes[position] == separator else { return false }
    position += 1
    return true
  }

  private mutating func takeLineEnd() {
    guard position < bytes.count else { return }
    position += 1
    lineEnds += 1
  }

  private mutating func skipSpace() {
    while position < bytes.count, isSpace(bytes[position]) { position += 1 }
  }

  private func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0D || (byte == 0x09 && separator != 0x09)
  }

  func mistake(_ message: String, cause: String? = nil, cure: String? = nil) -> TensorFileError {
    TensorFileError(path, "line \(line): \(message)", cause: cause, cure: cure)
  }
}

// MARK: Fields

extension CSVTable {
  func text(_ field: Field) -> String {
    let text = String(decoding: bytes[field.range], as: UTF8.self)
    return field.isQuoted
      ? text.split(separator: "\"\"", omittingEmptySubsequences: false).joined(separator: "\"") : text
  }

  /// The finite decimal number that the field holds.
  func number(_ field: Field) -> Double? {
    if let number = shortNumber(field.range) { return number }
    let isDecimal = bytes[field.range].allSatisfy { byte in
      (0x30...0x39).contains(byte) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte)
    }
    guard isDecimal, let number = Double(text(field)), number.isFinite else { return nil }
    return number
  }

  /// Numbers like `-12.75`: at most 15 digits and a power of ten, both exact, so that their quotient is the nearest
  /// double (Clinger 1990).
  private func shortNumber(_ range: Range<Int>) -> Double? {
    guard !range.isEmpty, range.count <= 17 else { return nil }
    let isNegative = bytes[range.lowerBound] == UInt8(ascii: "-")
    var (digits, count, decimals) = (0, 0, -1)
    for byte in bytes[(range.lowerBound + (isNegative ? 1 : 0))..<range.upperBound] {
      if byte == UInt8(ascii: "."), decimals < 0 {
        decimals = 0
      } else if (0x30...0x39).contains(byte) {
        digits = 10 * digits + Int(byte) - 0x30
        count += 1
        if decimals >= 0 { decimals += 1 }
      } else {
        return nil
      }
    }
    guard (1...15).contains(count) else { return nil }
    let scale = decimals > 0 ? Self.powersOfTen[decimals] : 1
    let number = Double(digits) / scale
    return isNegative ? -number : number
  }

  private static let powersOfTen = (0...15).map { (0..<$0).reduce(1.0) { power, _ in power * 10 } }
}
