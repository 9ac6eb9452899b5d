extension String {
  /// The text with everything that could disturb a terminal or a line of output written as an escape:
  /// control and format characters (also the bidirectional ones) and foreign line separators.
  package var escapingControls: String {
    guard unicodeScalars.contains(where: \.disturbsOutput) else { return self }
    var result = ""
    for scalar in unicodeScalars {
      if scalar.disturbsOutput { result += scalar.escaped } else { result.unicodeScalars.append(scalar) }
    }
    return result
  }

  /// At most `limit` characters, the last three being dots if something was cut off.
  package func clipped(to limit: Int) -> String {
    guard unicodeScalars.count > limit else { return self }
    return String(String.UnicodeScalarView(unicodeScalars.prefix(max(limit - 3, 0)))) + "..."
  }
}

extension Unicode.Scalar {
  var disturbsOutput: Bool {
    if isASCII { return value < 0x20 || value == 0x7F }
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: return true
    default: return false
    }
  }

  var escaped: String {
    switch self {
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    default: return "\\u{" + String(value, radix: 16) + "}"
    }
  }
}
