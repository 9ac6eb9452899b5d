/// One source line, made safe to print and clipped around the part that a diagnostic points at.
struct SourceSnippet {
  /// Longest piece of a source line that is shown, in characters.
  static let width = 100

  let line: Int
  let text: String
  /// White space below the text before the carets.
  let indent: String
  /// `^~~~`, at least one character.
  let carets: String

  /// Nil for an unknown range, and in files without lines.
  init?(_ range: SourceRange) {
    guard let file = range.file, file.isText, let start = range.start else { return nil }
    let bounds = file.lineBounds(start.line)
    let lower = min(max(range.lower, bounds.lowerBound), bounds.upperBound)
    let upper = min(max(range.upper, lower), bounds.upperBound)
    // A window of bytes is enough: what lies further away than the width cannot be shown.
    let reach = Self.width * 4
    let head = max(bounds.lowerBound, lower - reach)..<lower
    let tail = upper..<min(bounds.upperBound, upper + reach)
    let before = Self.cells(file.text(in: head))
    let marked = Self.cells(file.text(in: lower..<min(upper, lower + reach)))
    let after = Self.cells(file.text(in: tail))

    let total = before.count + marked.count + after.count
    var first = 0
    if total > Self.width {
      // Keep the caret about a third into the window, without scrolling past the end.
      first = min(max(before.count - Self.width / 3, 0), total - Self.width)
    }
    let last = min(total, first + Self.width)
    let shown = (before + marked + after)[first..<last]
    let opening = first > 0 || head.lowerBound > bounds.lowerBound ? "..." : ""
    let closing = last < total || tail.upperBound < bounds.upperBound ? "..." : ""
    self.line = start.line
    text = opening + String(shown) + closing
    indent = String(repeating: " ", count: opening.count + before.count - first)
    let count = max(1, min(marked.count, last - before.count))
    carets = "^" + String(repeating: "~", count: count - 1)
  }

  /// One cell per printed character: tabs become two spaces, what would disturb the terminal a '?'.
  private static func cells(_ text: String) -> [Character] {
    var cells: [Character] = []
    for scalar in text.unicodeScalars {
      if scalar == "\t" {
        cells += [" ", " "]
      } else if scalar.properties.generalCategory == .nonspacingMark, let last = cells.popLast() {
        cells.append(Character(String(last) + String(scalar)))
      } else {
        cells.append(scalar.disturbsOutput ? "?" : Character(scalar))
      }
    }
    return cells
  }
}
