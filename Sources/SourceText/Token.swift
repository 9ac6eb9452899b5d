/// Signs of the graph, loop and program languages. The raw value is the spelling.
package enum Punctuation: String, Sendable, CaseIterable {
  case arrow = "->"
  case equalEqual = "=="
  case notEqual = "!="
  case lessEqual = "<="
  case greaterEqual = ">="
  case dotDot = ".."
  case leftBrace = "{"
  case rightBrace = "}"
  case leftParen = "("
  case rightParen = ")"
  case leftBracket = "["
  case rightBracket = "]"
  case comma = ","
  case colon = ":"
  case semicolon = ";"
  case equal = "="
  case plus = "+"
  case minus = "-"
  case star = "*"
  case slash = "/"
  case percent = "%"
  case caret = "^"
  case less = "<"
  case greater = ">"
  case dot = "."
  case question = "?"
  case bar = "|"
  case ampersand = "&"
  case exclamation = "!"
  case at = "@"

  /// What may follow each ASCII character to make a sign, the longer signs first: many texts are long, and looking
  /// spellings up is slow.
  static let byFirstByte: [[(second: UInt8?, sign: Punctuation)]] = {
    var table = [[(second: UInt8?, sign: Punctuation)]](repeating: [], count: 128)
    for sign in allCases.sorted(by: { $0.rawValue.utf8.count > $1.rawValue.utf8.count }) {
      let spelling = Array(sign.rawValue.utf8)
      table[Int(spelling[0])].append((spelling.count > 1 ? spelling[1] : nil, sign))
    }
    return table
  }()
}

package struct Token: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    case identifier(String)
    case integer(Int)
    case float(Double)
    /// The text with its escapes resolved.
    case string(String)
    case punctuation(Punctuation)
    case endOfFile
  }

  package let kind: Kind
  package let range: SourceRange
  /// Whether this is the first token of its line (true for the first token of a file).
  package let precededByNewline: Bool
  /// Whether white space, a comment or the beginning of the file stands before.
  package let precededBySpace: Bool

  /// How diagnostics name the token: `'stride'`, `end of file`.
  package var description: String {
    switch kind {
    case .identifier(let name): "'\(name.clipped(to: 60))'"
    case .integer, .float: "number '\(range.text.clipped(to: 60))'"
    case .string: "string \(range.text.clipped(to: 60))"
    case .punctuation(let sign): "'\(sign.rawValue)'"
    case .endOfFile: "end of file"
    }
  }
}
