/// Names of the language made of any text.
enum GraphName {
  /// Words and digits joined by underscores; nil where no letter leads.
  static func word(_ text: String) -> String? {
    var result = ""
    for scalar in text.unicodeScalars {
      let isWord =
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_": true
        default: false
        }
      if isWord {
        result.unicodeScalars.append(scalar)
      } else if !result.isEmpty, result.last != "_" {
        result += "_"
      }
    }
    while result.last == "_" { result.removeLast() }
    guard let first = result.unicodeScalars.first, !("0"..."9").contains(first) else { return nil }
    return String(result.prefix(80))
  }

  /// Words joined by dots. A part that no letter leads joins the one before: `layer1.0.weight` → `layer1_0.weight`.
  /// A word that the language keeps for itself is told apart: `true` → `true_value`.
  static func path(_ text: String) -> String? {
    var parts: [String] = []
    for part in text.split(separator: ".") {
      if let word = word(String(part)) {
        parts.append(word)
      } else if let last = parts.popLast(), let joined = word(last + "_" + part) {
        parts.append(joined)
      }
    }
    parts = Array(parts.suffix(8))
    guard let first = parts.first else { return nil }
    if String.reservedNames.contains(first) { parts[0] += "_value" }
    return parts.joined(separator: ".")
  }
}
