/// How wide a text will be. The viewer chooses the font, so that this is an estimate for a wide sans-serif.
enum TextWidth {
  static let fontFamily = "Helvetica Neue, Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif"

  /// Advance widths of Helvetica, in thousandths of the font size, from the space to the tilde.
  private static let helvetica = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667,
    556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556,
    500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,
    500, 334,
    260, 334, 584,
  ]

  /// Other fonts are wider by up to this factor.
  private static let allowance = 1.15

  static func width(_ text: String, _ font: SVG.Font) -> Double {
    let thousandths = text.unicodeScalars.reduce(0) { $0 + advance($1) }
    return Double(thousandths) / 1000 * font.size * allowance * (font.isBold ? 1.09 : 1)
  }

  private static func advance(_ scalar: Unicode.Scalar) -> Int {
    let place = Int(scalar.value) - 32
    if helvetica.indices.contains(place) { return helvetica[place] }
    switch scalar {
    case "×", "±": return 730
    case "…": return 900
    case "·": return 290
    default: return scalar.value < 0x2E80 ? 600 : 1000
    }
  }

  /// The text, or as much of its beginning and its end as fits, with an ellipsis between.
  static func clipped(_ text: String, to width: Double, _ font: SVG.Font) -> String {
    if self.width(text, font) <= width { return text }
    let scalars = Array(text.unicodeScalars)
    for kept in stride(from: scalars.count - 1, through: 1, by: -1) {
      let (head, tail) = (scalars.prefix((kept + 1) / 2), scalars.suffix(kept / 2))
      let shorter = String(String.UnicodeScalarView(head)) + "…" + String(String.UnicodeScalarView(tail))
      if self.width(shorter, font) <= width { return shorter }
    }
    return "…"
  }
}
