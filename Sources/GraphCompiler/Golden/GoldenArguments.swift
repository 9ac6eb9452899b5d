/// The words after the command of a golden file, taken out one option after the other.
struct GoldenArguments {
  private var words: [String]

  init(_ words: [String]) { self.words = words }

  mutating func flag(_ name: String) -> Bool {
    guard let place = words.firstIndex(of: name) else { return false }
    words.remove(at: place)
    return true
  }

  /// The words behind each occurrence of an option.
  mutating func values(of name: String) -> [String] {
    var values: [String] = []
    while let place = words.firstIndex(of: name), place + 1 < words.count {
      values.append(words[place + 1])
      words.removeSubrange(place...place + 1)
    }
    return values
  }

  /// `NAME=VALUE` words behind an option.
  mutating func assignments(of option: String) throws(GoldenError) -> [(name: String, value: String)] {
    var assignments: [(name: String, value: String)] = []
    for word in values(of: option) {
      let parts = word.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { throw GoldenError("expected '\(option) NAME=VALUE', found '\(word)'") }
      assignments.append((String(parts[0]), String(parts[1])))
    }
    return assignments
  }

  /// Graph parameters from `--set NAME=INT` words.
  mutating func settings() throws(GoldenError) -> [String: Int] {
    var settings: [String: Int] = [:]
    for (name, text) in try assignments(of: "--set") {
      guard let value = Int(text) else { throw GoldenError("expected '--set NAME=INT', found '\(text)'") }
      settings[name] = value
    }
    return settings
  }

  func requireEnd() throws(GoldenError) {
    if words.isEmpty { return }
    throw GoldenError("nothing knows '\(words.joined(separator: " "))'")
  }
}
