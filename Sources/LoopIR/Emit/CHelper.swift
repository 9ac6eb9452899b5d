/// A small function that generated kernels call.
struct CHelper: Sendable {
  let name: String
  let text: String

  init(_ name: String, _ text: String) {
    self.name = name
    self.text = text
  }

  /// Every helper, callees before callers.
  static let all: [CHelper] = IntegerHelpers.all + IntegerArithmetic.helpers + HalfPrecision.helpers + DoubleMath.helpers

  /// The text of the named helpers and of what they call.
  static func source(_ names: Set<String>) -> String {
    var needed = names
    for helper in all.reversed() where needed.contains(helper.name) {
      needed.formUnion(helper.callees)
    }
    return all.filter { needed.contains($0.name) }.map(\.text).joined(separator: "\n")
  }

  /// The names before the opening parentheses of the text.
  private var callees: [String] {
    text.split(separator: "(").map { part in
      String(part.reversed().prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }.reversed())
    }
  }
}
