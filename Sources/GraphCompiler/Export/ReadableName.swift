/// Names of the language made of names in models, which often are paths of the exporter's making.
enum ReadableName {
  /// What a value is called; nil where the name says nothing to a reader.
  ///
  /// `/layer1/layer1.0/conv1/Conv_output_0` → `layer1_0_conv1`, `497` → nil.
  static func value(_ name: String) -> String? {
    var parts = name.split(separator: "/").map(String.init)
    if parts.count > 1, let last = parts.last, isNodeOutput(last) { parts.removeLast() }
    // Modules that only a number tells apart: `features.3`.
    if parts.last?.split(separator: ".").last?.allSatisfy(\.isNumber) == true { return nil }
    parts = parts.enumerated().filter { place, part in
      !(place + 1 < parts.count && parts[place + 1].hasPrefix(part + "."))
    }.map(\.element)
    guard let joined = GraphName.path(parts.joined(separator: "_")) else { return nil }
    return isTelling(joined) ? joined : nil
  }

  /// What a layer is called, by the name of its weight or bias: `conv1.weight` → `conv1`, `fc6_w_0` → `fc6`.
  static func layer(ofParameter name: String) -> String? {
    let lower = name.lowercased()
    let suffixes = [
      ".weight", ".bias", "_weight", "_bias", "/weight", "/bias", "/kernel", ".kernel", "_kernel", "_w_0",
      "_b_0", ".w",
      ".b", "_w", "_b", ".scale", "_scale", "_gamma", ".gamma", "/gamma",
    ]
    guard let suffix = suffixes.first(where: lower.hasSuffix) else { return nil }
    return value(String(name.dropLast(suffix.count)))
  }

  /// `Conv_output_0`, as PyTorch calls the results of nodes inside of a module.
  private static func isNodeOutput(_ part: String) -> Bool {
    guard let range = part.firstRange(of: "_output_"), part.first?.isUppercase == true else { return false }
    return part[range.upperBound...].allSatisfy(\.isNumber)
  }

  /// Two letters in a row, and not too many in all.
  private static func isTelling(_ name: String) -> Bool {
    guard name.count <= 40, name.isValuePath else { return false }
    var run = 0
    for character in name {
      run = character.isLetter ? run + 1 : 0
      if run == 2 { return name.split(separator: ".").last?.first?.isLetter == true }
    }
    return false
  }
}
