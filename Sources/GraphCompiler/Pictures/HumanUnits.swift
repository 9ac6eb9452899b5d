import Foundation

/// Numbers as people read them.
enum HumanUnits {
  /// `61,706`
  static func grouped(_ number: Int) -> String {
    let digits = Array(String(number.magnitude))
    var text = number < 0 ? "-" : ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place).isMultiple(of: 3) { text += "," }
      text.append(digit)
    }
    return text
  }

  /// `0.666667`, `1.72`: a number rounded to some digits, without decimals where it is whole.
  static func rounded(_ number: Double, digits: Int = 6) -> String {
    if let whole = Int(exactly: number), whole.magnitude < 1_000_000_000 { return String(whole) }
    if !number.isFinite { return "\(number)" }
    let decimals = digits - 1 - Int(log10(abs(number)).rounded(.down))
    // Powers of ten are exact this far, so that the quotient is the nearest number to the decimal one.
    guard (0...22).contains(decimals) else { return "\(number)" }
    let scale = pow(10, Double(decimals))
    return "\((number * scale).rounded() / scale)"
  }

  /// `784 B`, `18.4 KiB`, `97.5 MiB`: at most three digits before the decimal, one behind it.
  static func bytes(_ count: Int) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB"]
    var scale = 1
    var unit = 0
    // What rounds up to 1024 already belongs to the next unit.
    while unit < units.count - 1, tenths(count, scale) >= 10240 {
      scale <<= 10
      unit += 1
    }
    let tenths = tenths(count, scale)
    let decimals = unit == 0 || tenths.isMultiple(of: 10) ? "" : ".\(tenths % 10)"
    return "\(tenths / 10)\(decimals) \(units[unit])"
  }

  /// Tenths of a unit, rounded; at most `Int.max`.
  private static func tenths(_ count: Int, _ scale: Int) -> Int {
    let (whole, rest) = count.quotientAndRemainder(dividingBy: scale)
    return whole.multipliedSaturating(by: [10]).addedSaturating((rest * 10 + scale / 2) / scale)
  }

  /// `1.07`: how far above the least possible, rounded up, so that 1.00 means equal.
  static func ratio(_ count: Int, _ least: Int) -> String {
    if least <= 0 || count <= least { return "1.00" }
    let (whole, rest) = count.quotientAndRemainder(dividingBy: least)
    let hundredths = Int((Double(rest) / Double(least) * 100).rounded(.up))
    let total = whole * 100 + min(max(hundredths, 1), 100)
    return "\(total / 100).\(total % 100 < 10 ? "0" : "")\(total % 100)"
  }
}

extension TensorType {
  /// `1×6×28×28`, after the element type unless it is the usual f32; `scalar` for one number.
  var picturedShape: String {
    let extents = shape.isEmpty ? "scalar" : shape.map(String.init).joined(separator: "×")
    return element == .f32 ? extents : "\(element.rawValue) \(extents)"
  }
}
