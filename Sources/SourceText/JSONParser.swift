/// What is wrong with a JSON text, and at which byte.
package struct JSONError: Error, Sendable, Hashable {
  package let message: String
  package let offset: Int
}

extension JSON {
  /// Reads exactly one value. Strict: no comments, no trailing commas, no repeated names, valid UTF-8.
  /// - Parameter depthLimit: how deep arrays and objects may nest.
  package init(parsing bytes: some Collection<UInt8>, depthLimit: Int = 64) throws(JSONError) {
    var parser = JSONParser(bytes: Array(bytes), depthLimit: depthLimit)
    self = try parser.parseDocument()
  }

  package init(parsing text: String, depthLimit: Int = 64) throws(JSONError) {
    try self.init(parsing: text.utf8, depthLimit: depthLimit)
  }
}

private struct JSONParser {
  let bytes: [UInt8]
  let depthLimit: Int
  var position = 0
  var depth = 0

  init(bytes: [UInt8], depthLimit: Int) {
    self.bytes = bytes
    self.depthLimit = depthLimit
  }

  mutating func parseDocument() throws(JSONError) -> JSON {
    let value = try parseValue()
    skipSpace()
    if position < bytes.count { throw error("unexpected text after the value") }
    return value
  }

  private func error(_ message: String) -> JSONError { JSONError(message: message, offset: position) }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
  }

  private mutating func accept(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func parseValue() throws(JSONError) -> JSON {
    skipSpace()
    guard let byte = next else { throw error("expected a value, found the end") }
    switch byte {
    case UInt8(ascii: "{"): return try parseObject()
    case UInt8(ascii: "["): return try parseArray()
    case UInt8(ascii: "\""): return .string(try parseString())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseNumber()
    default:
      for (word, value) in [("true", JSON.bool(true)), ("false", .bool(false)), ("null", .null)]
      where bytes[position...].starts(with: word.utf8) {
        position += word.utf8.count
        return value
      }
      throw error("expected a value")
    }
  }

  private mutating func enter() throws(JSONError) {
    if depth >= depthLimit { throw error("nested deeper than \(depthLimit) levels") }
    depth += 1
    position += 1
    skipSpace()
  }

  private mutating func parseArray() throws(JSONError) -> JSON {
    try enter()
    defer { depth -= 1 }
    var elements: [JSON] = []
    if accept("]") { return .array(elements) }
    while true {
      elements.append(try parseValue())
      skipSpace()
      if accept("]") { return .array(elements) }
      if !accept(",") { throw error("expected ',' or ']'") }
    }
  }

  private mutating func parseObject() throws(JSONError) -> JSON {
    try enter()
    defer { depth -= 1 }
    var members: [(String, JSON)] = []
    var names: Set<String> = []
    if accept("}") { return .object(members) }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw error("expected a name in double quotes") }
      let start = position
      let name = try parseString()
      if !names.insert(name).inserted {
        throw JSONError(message: "name '\(name.clipped(to: 80))' appears twice", offset: start)
      }
      skipSpace()
      if !accept(":") { throw error("expected ':'") }
      members.append((name, try parseValue()))
      skipSpace()
      if accept("}") { return .object(members) }
      if !accept(",") { throw error("expected ',' or '}'") }
    }
  }

  private mutating func skipDigits() throws(JSONError) {
    let start = position
    while let byte = next, byte.isDigit { position += 1 }
    if position == start { throw error("expected a digit") }
  }

  /// An integer if it is written as one and fits, otherwise a double.
  private mutating func parseNumber() throws(JSONError) -> JSON {
    let start = position
    var isInteger = true
    _ = accept("-")
    if accept("0") {
      if let byte = next, byte.isDigit { throw error("a number must not begin with a zero") }
    } else {
      try skipDigits()
    }
    if accept(".") {
      isInteger = false
      try skipDigits()
    }
    if accept("e") || accept("E") {
      isInteger = false
      if !accept("+") { _ = accept("-") }
      try skipDigits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger, let value = Int(text) { return .int(value) }
    guard let value = Double(text), value.isFinite else {
      throw JSONError(message: "number out of range", offset: start)
    }
    return .double(value)
  }

  private mutating func parseString() throws(JSONError) -> String {
    let start = position
    position += 1
    var text: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let value = String(validating: text, as: UTF8.self) else {
          throw JSONError(message: "string is not valid UTF-8", offset: start)
        }
        return value
      case UInt8(ascii: "\\"): text += Array(String(try parseEscape()).utf8)
      case 0..<0x20: throw JSONError(message: "control character in a string", offset: position - 1)
      default: text.append(byte)
      }
    }
    throw JSONError(message: "string is not closed", offset: start)
  }

  private mutating func parseEscape() throws(JSONError) -> Character {
    let escapes: [UInt8: Character] = [
      0x22: "\"", 0x5C: "\\", 0x2F: "/", 0x62: "\u{8}", 0x66: "\u{C}", 0x6E: "\n", 0x72: "\r", 0x74: "\t",
    ]
    guard let byte = next else { throw error("string is not closed") }
    if let character = escapes[byte] {
      position += 1
      return character
    }
    guard accept("u") else { throw error("unknown escape in a string") }
    var value = try parseHex()
    if 0xD800..<0xDC00 ~= value, accept("\\"), accept("u") {
      let low = try parseHex()
      guard 0xDC00..<0xE000 ~= low else { throw error("half of a surrogate pair in a string") }
      value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(value) else { throw error("half of a surrogate pair in a string") }
    return Character(scalar)
  }

  private mutating func parseHex() throws(JSONError) -> UInt32 {
    guard position + 4 <= bytes.count else { throw error("expected four hexadecimal digits") }
    let digits = bytes[position..<position + 4]
    guard digits.allSatisfy(\.isHexDigit),
      let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw error("expected four hexadecimal digits") }
    position += 4
    return value
  }
}

extension UInt8 {
  // Comparisons instead of ranges: without optimization they are several times as fast.
  var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

  var isHexDigit: Bool {
    isDigit || UInt8(ascii: "a")...UInt8(ascii: "f") ~= self || UInt8(ascii: "A")...UInt8(ascii: "F") ~= self
  }

  /// Letters of ASCII and the underscore.
  var beginsIdentifier: Bool {
    let lower = self | 0x20
    return (lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")) || self == UInt8(ascii: "_")
  }

  var continuesIdentifier: Bool { beginsIdentifier || isDigit }
}
