extension Lexer {
  /// Reads a string literal from its opening quote on; a string ends on its own line.
  mutating func lexString() -> String {
    let start = position
    var text: [UInt8] = []
    position += 1
    while let byte = byte(), byte != UInt8(ascii: "\n") {
      if byte == UInt8(ascii: "\"") {
        position += 1
        return checked(text, from: start)
      }
      if byte == UInt8(ascii: "\\") {
        if let scalar = lexEscape() { text += Array(String(Character(scalar)).utf8) }
        continue
      }
      if byte == 0 { report("invalid-character", "unexpected NUL byte in a string", position..<position + 1) }
      text.append(byte)
      position += 1
    }
    report("unterminated-string", "string is not closed on its line", start..<position)
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func checked(_ text: [UInt8], from start: Int) -> String {
    if let value = String(validating: text, as: UTF8.self) { return value }
    report("invalid-character", "string is not valid UTF-8", start..<position)
    return String(decoding: text, as: UTF8.self)
  }

  /// `\n \r \t \0 \" \\ \u{1F600}`; nil after a report.
  private mutating func lexEscape() -> Unicode.Scalar? {
    let start = position
    position += 1
    guard let letter = byte(), letter != UInt8(ascii: "\n") else { return nil }
    position += 1
    switch letter {
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "0"): return "\0"
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "u"):
      if let scalar = lexUnicodeEscape() { return scalar }
      report("invalid-escape", "expected '\\u{...}' with the number of a character", start..<position)
      return nil
    default:
      // The whole character belongs to the mistake, also if it has several bytes.
      while let byte = byte(), byte & 0xC0 == 0x80 { position += 1 }
      let spelling = file.text(in: start..<position).escapingControls
      report("invalid-escape", "unknown escape '\(spelling)' in a string", start..<position)
      return nil
    }
  }

  private mutating func lexUnicodeEscape() -> Unicode.Scalar? {
    guard byte() == UInt8(ascii: "{") else { return nil }
    position += 1
    let start = position
    while let byte = byte(), byte.isHexDigit { position += 1 }
    let digits = file.text(in: start..<position)
    guard byte() == UInt8(ascii: "}") else { return nil }
    position += 1
    return UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init)
  }
}
