/// The value of an attribute as text, files and operators exchange it.
package indirect enum Attribute: Hashable, Sendable {
  case int(Int)
  case float(Double)
  case bool(Bool)
  case string(String)
  case list([Attribute])
}

extension Attribute {
  var mentionsNaN: Bool {
    switch self {
    case .float(let value): value.isNaN
    case .list(let elements): elements.contains(where: \.mentionsNaN)
    case .int, .bool, .string: false
    }
  }
}

extension Attribute: CustomStringConvertible {
  /// As the `.graph` language writes it.
  package var description: String {
    switch self {
    case .int(let value): Attribute.text(of: value)
    case .float(let value): Attribute.text(of: value)
    case .bool(let value): String(value)
    case .string(let value): "\"\(Attribute.escaped(value))\""
    case .list(let values): "[\(values.map(\.description).joined(separator: ", "))]"
    }
  }

  /// The number as an expression; the least integer has no literal of its own.
  package static func text(of value: Int) -> String {
    value == .min ? "-\(Int.max) - 1" : String(value)
  }

  /// The shortest text that reads back to the same number, always with a mark of a float.
  package static func text(of value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15 { return String(format(value)) }
    return "\(value)"
  }

  private static func format(_ value: Double) -> String {
    value.sign == .minus && value == 0 ? "-0.0" : "\(value)"
  }

  /// The inside of a string literal.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\" + String(scalar)
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default:
        if scalar.value < 0x20 || scalar.value == 0x7F {
          result += "\\u{" + String(scalar.value, radix: 16) + "}"
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result
  }

  /// Whether it is or holds something that does not equal itself.
  package var holdsNaN: Bool {
    switch self {
    case .float(let value): value.isNaN
    case .list(let values): values.contains(where: \.holdsNaN)
    case .int, .bool, .string: false
    }
  }

  /// What the value is, for messages.
  package var kind: String {
    switch self {
    case .int: "an integer"
    case .float: "a number"
    case .bool: "true or false"
    case .string: "a string"
    case .list: "a list"
    }
  }
}

/// A value that does not fit an attribute: what was expected.
package struct AttributeError: Error {
  package var expectation: String

  package init(expected expectation: String) { self.expectation = expectation }
}

/// A Swift type that an attribute can hold.
package protocol AttributeConvertible: Hashable, Sendable {
  init(attribute: Attribute) throws(AttributeError)
  var attribute: Attribute { get }
}

extension Int: AttributeConvertible {
  package init(attribute: Attribute) throws(AttributeError) {
    switch attribute {
    case .int(let value): self = value
    case .bool(let value): self = value ? 1 : 0
    default: throw AttributeError(expected: "an integer")
    }
  }

  package var attribute: Attribute { .int(self) }
}

extension Double: AttributeConvertible {
  package init(attribute: Attribute) throws(AttributeError) {
    switch attribute {
    case .int(let value): self = Double(value)
    case .float(let value): self = value
    default: throw AttributeError(expected: "a number")
    }
  }

  package var attribute: Attribute { .float(self) }
}

extension Bool: AttributeConvertible {
  package init(attribute: Attribute) throws(AttributeError) {
    switch attribute {
    case .bool(let value): self = value
    case .int(let value) where value == 0 || value == 1: self = value == 1
    default: throw AttributeError(expected: "true or false")
    }
  }

  package var attribute: Attribute { .bool(self) }
}

extension String: AttributeConvertible {
  package init(attribute: Attribute) throws(AttributeError) {
    guard case .string(let value) = attribute else { throw AttributeError(expected: "a string") }
    self = value
  }

  package var attribute: Attribute { .string(self) }
}

/// Lists; a single element stands for a list of one.
extension Array: AttributeConvertible where Element: AttributeConvertible {
  package init(attribute: Attribute) throws(AttributeError) {
    guard case .list(let elements) = attribute else {
      self = [try Element(attribute: attribute)]
      return
    }
    var values: [Element] = []
    for element in elements { values.append(try Element(attribute: element)) }
    self = values
  }

  package var attribute: Attribute { .list(map(\.attribute)) }
}

/// An enum whose cases are words, such as `pad_mode: "reflect"`.
package protocol WordAttribute: AttributeConvertible, CaseIterable, RawRepresentable<String> {}

extension WordAttribute {
  package init(attribute: Attribute) throws(AttributeError) {
    guard case .string(let word) = attribute, let value = Self(rawValue: word) else {
      let words = Self.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
      throw AttributeError(expected: "one of \(words)")
    }
    self = value
  }

  package var attribute: Attribute { .string(rawValue) }
}
