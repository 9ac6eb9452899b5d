/// Aligned columns of text.
struct TextTable {
  var header: [String] = []
  var rows: [[String]]
  var footer: [String] = []
  /// Columns whose texts end together.
  var rightAligned: Set<Int> = []

  var text: String {
    let widths = self.widths
    let rule = widths.map { String(repeating: "─", count: $0) }
    var lines = header.isEmpty ? [] : [header, rule]
    lines += rows
    if !footer.isEmpty { lines += [rule, footer] }
    return lines.map { line($0, widths) + "\n" }.joined()
  }

  private var widths: [Int] {
    var widths: [Int] = []
    for row in [header, footer] + rows {
      for (column, cell) in row.enumerated() {
        if column == widths.count { widths.append(0) }
        widths[column] = max(widths[column], cell.unicodeScalars.count)
      }
    }
    return widths
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    let padded = cells.enumerated().map { column, cell in
      let space = String(repeating: " ", count: widths[column] - cell.unicodeScalars.count)
      return rightAligned.contains(column) ? space + cell : cell + space
    }
    let line = padded.joined(separator: "  ")
    return String(line[..<(line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex)])
  }
}
