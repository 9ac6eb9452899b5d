/// Cuts a text into tokens. Mistakes become diagnostics and lexing goes on; the last token is always
/// the end of the file.
package struct Lexer {
  /// Texts longer than this (64 MB) are refused.
  package static let sizeLimit = 64 << 20
  /// Lexing stops after this many mistakes: the file is not text.
  package static let mistakeLimit = 20

  let file: SourceFile
  let bytes: [UInt8]
  var position = 0
  private var tokens: [Token] = []
  private var diagnostics: [Diagnostic] = []
  private var sawNewline = true
  private var sawSpace = true

  private init(_ file: SourceFile) {
    self.file = file
    bytes = file.contents
  }

  package static func tokens(of file: SourceFile) -> (tokens: [Token], diagnostics: [Diagnostic]) {
    var lexer = Lexer(file)
    lexer.run()
    return (lexer.tokens, lexer.diagnostics)
  }

  private mutating func run() {
    if bytes.count > Self.sizeLimit {
      position = bytes.count
      report("file-too-large", "file is larger than \(Self.sizeLimit >> 20) MB", 0..<0)
    } else if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      position = 3
    }
    skipSpace()
    while position < bytes.count {
      if diagnostics.count >= Self.mistakeLimit {
        report("too-many-errors", "too many errors, the rest of the text is not read", position..<position)
        position = bytes.count
        break
      }
      lexToken()
      skipSpace()
    }
    append(.endOfFile, from: position)
  }

  /// Changes nothing: without optimization, a function that may not change the lexer gets a copy of it.
  mutating func byte(_ ahead: Int = 0) -> UInt8? {
    position + ahead < bytes.count ? bytes[position + ahead] : nil
  }

  mutating func report(_ id: String, _ message: String, _ range: Range<Int>, help: String? = nil) {
    let place = SourceRange(file: file, lower: range.lowerBound, upper: range.upperBound)
    diagnostics.append(Diagnostic(.error, id, message, at: place, help: help))
  }

  private mutating func append(_ kind: Token.Kind, from start: Int) {
    let range = SourceRange(file: file, lower: start, upper: position)
    tokens.append(
      Token(kind: kind, range: range, precededByNewline: sawNewline, precededBySpace: sawSpace))
    sawNewline = false
    sawSpace = false
  }

  private mutating func skipSpace() {
    while let byte = byte() {
      if byte == UInt8(ascii: "/"), self.byte(1) == UInt8(ascii: "/") {
        while let byte = self.byte(), byte != UInt8(ascii: "\n") { position += 1 }
      } else if byte == UInt8(ascii: "\n") {
        sawNewline = true
        position += 1
      } else if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r") {
        position += 1
      } else {
        return
      }
      sawSpace = true
    }
  }

  private mutating func lexToken() {
    let start = position
    let first = bytes[start]
    if first.beginsIdentifier {
      while let byte = byte(), byte.continuesIdentifier { position += 1 }
      append(.identifier(file.text(in: start..<position)), from: start)
    } else if first.isDigit {
      append(lexNumber(), from: start)
    } else if first == UInt8(ascii: "\"") {
      append(.string(lexString()), from: start)
    } else if let sign = lexPunctuation() {
      append(.punctuation(sign), from: start)
    } else {
      skipInvalid()
    }
  }

  private mutating func lexPunctuation() -> Punctuation? {
    let first = Int(bytes[position])
    guard first < Punctuation.byFirstByte.count else { return nil }
    for (second, sign) in Punctuation.byFirstByte[first] {
      if let second, second != byte(1) { continue }
      position += second == nil ? 1 : 2
      return sign
    }
    return nil
  }

  /// Whether the token before is a '.' that touches this place: then digits name a path component
  /// (`layer1.2.weight`), never a fraction.
  private mutating func followsDot() -> Bool {
    guard !sawSpace, let last = tokens.last else { return false }
    return last.kind == .punctuation(.dot)
  }

  private mutating func skipDigits() {
    while let byte = byte(), byte.isDigit { position += 1 }
  }

  private mutating func lexNumber() -> Token.Kind {
    let start = position
    var isInteger = true
    skipDigits()
    if !followsDot() {
      if byte() == UInt8(ascii: "."), byte(1)?.isDigit == true {
        isInteger = false
        position += 1
        skipDigits()
      }
      let isSigned = byte(1) == UInt8(ascii: "+") || byte(1) == UInt8(ascii: "-")
      if let letter = byte(), letter | 0x20 == UInt8(ascii: "e"), byte(isSigned ? 2 : 1)?.isDigit == true {
        isInteger = false
        position += isSigned ? 2 : 1
        skipDigits()
      }
    }
    let digits = file.text(in: start..<position)
    if byte()?.beginsIdentifier == true {
      while let byte = byte(), byte.continuesIdentifier { position += 1 }
      let word = file.text(in: start..<position).clipped(to: 60)
      report("malformed-number", "'\(word)' is neither a number nor a name", start..<position)
    }
    if isInteger {
      if let value = Int(digits) { return .integer(value) }
      report("number-out-of-range", "integer does not fit into 64 bits", start..<position)
      return .integer(1)
    }
    if let value = Double(digits), value.isFinite { return .float(value) }
    report("number-out-of-range", "number is too large for double precision", start..<position)
    return .float(1)
  }

  /// Skips a run of bytes that belong to no token, so that one slip gives one diagnostic.
  private mutating func skipInvalid() {
    let start = position
    position += 1
    while let next = byte(), Self.isInvalid(next) { position += 1 }
    let text = bytes[start..<position]
    let message: String
    if text.contains(0) {
      message = "unexpected NUL byte; the file may not be text"
    } else if let characters = String(validating: text, as: UTF8.self) {
      message = "unexpected character '\(characters.escapingControls.clipped(to: 40))'"
    } else {
      message = "text is not valid UTF-8"
    }
    report("invalid-character", message, start..<position, help: Self.cure(text))
    sawSpace = true
  }

  /// What was meant, where habits from elsewhere explain the character.
  private static func cure(_ text: ArraySlice<UInt8>) -> String? {
    switch text.first {
    case UInt8(ascii: "#"): "comments begin with '//'"
    case UInt8(ascii: "'"): "strings stand in double quotes"
    default: nil
    }
  }

  private static func isInvalid(_ byte: UInt8) -> Bool {
    byte >= 0x80 || byte == 0x7F || (byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D)
  }
}
