/// Rows of text in columns.
struct TextTable {
  enum Alignment: Sendable { case left, right }

  let alignments: [Alignment]
  private var rows: [[String]] = []

  init(_ alignments: [Alignment]) { self.alignments = alignments }

  mutating func row(_ cells: String...) {
    precondition(cells.count == alignments.count, "a row has one cell for each column")
    rows.append(cells)
  }

  /// The lines, without trailing spaces, each after `indent`.
  func lines(indent: String = "") -> [String] {
    let widths = alignments.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - row[column].count)
        return alignments[column] == .left ? row[column] + space : space + row[column]
      }
      return (indent + cells.joined(separator: "  ")).withoutTrailingSpaces
    }
  }
}

extension String {
  var withoutTrailingSpaces: String {
    guard let last = lastIndex(where: { $0 != " " }) else { return "" }
    return String(self[...last])
  }
}
