import SourceText

/// Numbers and lines about training, as people read them.
enum TrainingText {
  /// `0.3421`, `12.5`, `3.10e-06`: four digits.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    let size = abs(value)
    if value != 0, size < 1e-3 || size >= 1e6 { return Quantities.error(value) }
    return Quantities.fixed(value, size < 10 ? 4 : size < 1000 ? 2 : 0)
  }

  /// `87.54 %`
  static func percent(_ share: Double) -> String { Quantities.fixed(100 * share, 2) + " %" }

  /// The shortest text of a rate with three digits: `0.01`, `0.00125`, `1e-05`.
  static func rate(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return "0" }
    if abs(value) < 1e-4 { return Quantities.error(value) }
    let text = Quantities.fixed(value, abs(value) < 1e-2 ? 6 : 4)
    let trimmed = String(text.reversed().drop { $0 == "0" }.reversed())
    return trimmed.hasSuffix(".") ? String(trimmed.dropLast()) : trimmed
  }

  /// `9,120`
  static func grouped(_ number: Double) -> String {
    guard number.isFinite, number < 1e15 else { return "?" }
    let digits = Array(String(Int(number.rounded())))
    return digits.enumerated().map { place, digit in
      place > 0 && (digits.count - place).isMultiple(of: 3) ? ",\(digit)" : "\(digit)"
    }.joined()
  }

  /// `0:42`, `12:05`, `3:07:00`
  static func duration(_ seconds: Double) -> String {
    let total = Int(min(max(seconds, 0), 1e8).rounded())
    let (hours, minutes, rest) = (total / 3600, total / 60 % 60, total % 60)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
  }

  /// `epoch  3/10  loss 0.3421  accuracy 87.54 %  validation loss 0.3012  accuracy 89.10 %  rate 0.01`
  static func epoch(_ number: Int, of count: Int, _ record: EpochRecord) -> String {
    let digits = "\(number)"
    let padding = String(repeating: " ", count: max(0, "\(count)".count - digits.count))
    var parts = ["epoch \(padding)\(digits)/\(count)", "loss \(self.number(record.loss))"]
    if let accuracy = record.accuracy { parts.append("accuracy \(percent(accuracy))") }
    if let loss = record.validationLoss { parts.append("validation loss \(self.number(loss))") }
    if let accuracy = record.validationAccuracy { parts.append("accuracy \(percent(accuracy))") }
    parts.append("rate \(rate(record.rate))")
    return parts.joined(separator: "  ")
  }

  /// The confusion as a table if it is small enough, else the most frequent mistakes.
  static func confusion(_ matrix: ConfusionMatrix, _ names: [String], width: Int) -> String {
    let cells = names.map { $0.clipped(to: 9) }
    let columns = matrix.counts.flatMap { $0 }.map { "\($0)".count }.max() ?? 1
    let each = max(columns, cells.map(\.count).max() ?? 1) + 2
    guard names.count <= 20, each * (names.count + 1) <= width else { return mistakes(matrix, names) }
    func padded(_ text: String) -> String { String(repeating: " ", count: each - text.count) + text }
    let head = padded("") + cells.map(padded).joined()
    let rows = matrix.counts.enumerated().map { row, counts in
      padded(cells[row]) + counts.map { padded("\($0)") }.joined()
    }
    return ([head] + rows).map { $0.withoutTrailingSpaces + "\n" }.joined()
  }

  /// The five most frequent mistakes, one a line.
  private static func mistakes(_ matrix: ConfusionMatrix, _ names: [String]) -> String {
    var found: [(count: Int, truth: Int, said: Int)] = []
    for (truth, counts) in matrix.counts.enumerated() {
      for (said, count) in counts.enumerated() where said != truth && count > 0 {
        found.append((count, truth, said))
      }
    }
    found.sort { ($1.count, $0.truth, $0.said) < ($0.count, $1.truth, $1.said) }
    return found.prefix(5).map { mistake in
      "\(names[mistake.truth]) taken for \(names[mistake.said]): \(mistake.count) of "
        + "\(matrix.counts[mistake.truth].reduce(0, +))\n"
    }.joined()
  }
}
