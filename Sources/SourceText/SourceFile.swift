/// One text that diagnostics can point into. Two files are the same only when they are the same object.
package final class SourceFile: Sendable {
  package let path: String
  package let contents: [UInt8]
  /// False for a file that has no lines to point at.
  package let isText: Bool
  /// Byte offset of the first byte of every line; never empty.
  package let lineStarts: [Int]

  package init(path: String, contents: [UInt8]) {
    self.path = path
    self.contents = contents
    isText = true
    lineStarts = contents.withUnsafeBufferPointer { bytes in
      var starts = [0]
      var offset = 0
      while offset < bytes.count {
        if bytes[offset] == UInt8(ascii: "\n") { starts.append(offset + 1) }
        offset += 1
      }
      return starts
    }
  }

  /// A file that is not text: diagnostics name it, and point nowhere into it.
  package init(binary path: String) {
    self.path = path
    contents = []
    isText = false
    lineStarts = [0]
  }

  package convenience init(path: String, text: String) {
    self.init(path: path, contents: Array(text.utf8))
  }

  /// The place of a byte; offsets outside of the text are moved to its nearest end.
  package func location(at offset: Int) -> SourceLocation {
    let offset = min(max(offset, 0), contents.count)
    let line = lineIndex(of: offset)
    let start = lineStarts[line]
    return SourceLocation(
      offset: offset, line: line + 1, column: scalarCount(from: start, to: offset) + 1)
  }

  /// Byte range of a line (counted from 1) without its line ending.
  package func lineBounds(_ line: Int) -> Range<Int> {
    let start = lineStarts[line - 1]
    var end = line < lineStarts.count ? lineStarts[line] - 1 : contents.count
    if end > start, contents[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return start..<end
  }

  /// Text between two byte offsets; broken UTF-8 is repaired.
  package func text(in range: Range<Int>) -> String {
    String(decoding: contents[range.clamped(to: 0..<contents.count)], as: UTF8.self)
  }

  /// Bytes that begin a character: every byte but UTF-8 continuations.
  private func scalarCount(from lower: Int, to upper: Int) -> Int {
    contents[lower..<upper].reduce(0) { count, byte in byte & 0xC0 == 0x80 ? count : count + 1 }
  }

  private func lineIndex(of offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }
}

extension SourceFile: Hashable {
  package static func == (left: SourceFile, right: SourceFile) -> Bool { left === right }
  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// A place in a file. Lines and columns count from 1, columns in characters (Unicode scalars).
package struct SourceLocation: Sendable, Hashable {
  package let offset: Int
  package let line: Int
  package let column: Int
}

/// Half-open range of byte offsets in a file.
package struct SourceRange: Sendable, Hashable {
  package let file: SourceFile?
  package let lower: Int
  package let upper: Int

  package init(file: SourceFile?, lower: Int, upper: Int) {
    self.file = file
    self.lower = lower
    self.upper = upper
  }

  /// The range of things that no text asked for.
  package static let unknown = SourceRange(file: nil, lower: 0, upper: 0)

  package var start: SourceLocation? { file?.location(at: lower) }
  package var end: SourceLocation? { file?.location(at: upper) }

  /// The source text, empty when unknown.
  package var text: String {
    guard let file, lower <= upper else { return "" }
    return file.text(in: lower..<upper)
  }

  /// The smallest range that covers both; the known one when the other is unknown or in another file.
  package func union(_ other: SourceRange) -> SourceRange {
    guard let file else { return other }
    guard file == other.file else { return self }
    return SourceRange(file: file, lower: min(lower, other.lower), upper: max(upper, other.upper))
  }
}

extension SourceRange: CustomStringConvertible {
  /// `path:line:column`, `path` where the file is not text, or `<unknown>`.
  package var description: String {
    guard let file, let start else { return "<unknown>" }
    guard file.isText else { return file.path }
    return "\(file.path):\(start.line):\(start.column)"
  }
}
