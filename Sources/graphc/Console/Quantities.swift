/// Numbers as people read them.
enum Quantities {
  /// `4 bytes`, `61.7 kB`, `1.38 GB`: powers of ten, three digits.
  static func bytes(_ count: Int) -> String {
    if count == 1 { return "1 byte" }
    return count < 1000 ? "\(count) bytes" : scaled(Double(count), ["kB", "MB", "GB", "TB", "PB", "EB"])
  }

  /// `833 operations`, `15.5 billion operations`.
  static func operations(_ count: Int) -> String {
    if count < 1000 { return counted(count, "operation") }
    return scaled(
      Double(count), ["thousand", "million", "billion", "trillion", "quadrillion", "quintillion"])
      + " operations"
  }

  /// `1 file`, `2 files`.
  static func counted(_ count: Int, _ noun: String) -> String {
    count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
  }

  /// `2.35e-07`; 0 is exact.
  static func error(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
    var exponent = 0
    var mantissa = value
    while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    // 9.999 is written 10.00.
    if mantissa >= 9.995 { (mantissa, exponent) = (1, exponent + 1) }
    let digits = "\(abs(exponent))"
    let padding = digits.count < 2 ? "0" : ""
    return "\(fixed(mantissa, 2))e\(exponent < 0 ? "-" : "+")\(padding)\(digits)"
  }

  /// A number of moderate size with a fixed count of decimals.
  static func fixed(_ value: Double, _ decimals: Int) -> String {
    let factor = (0..<decimals).reduce(1.0) { product, _ in product * 10 }
    let scaled = (abs(value) * factor).rounded()
    guard scaled < 1e15 else { return "\(value)" }
    let digits = String(Int(scaled))
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let sign = value < 0 && scaled > 0 ? "-" : ""
    if decimals == 0 { return sign + padded }
    return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
  }

  private static func scaled(_ value: Double, _ units: [String]) -> String {
    var rest = value / 1000
    var unit = 0
    while rest >= 999.5, unit + 1 < units.count { (rest, unit) = (rest / 1000, unit + 1) }
    let decimals = rest < 9.995 ? 2 : rest < 99.95 ? 1 : 0
    return fixed(rest, decimals) + " " + units[unit]
  }
}
