/// Images and curves as text.
enum Pictures {
  /// Images of 28 by 28 pixels side by side, each below its caption, two pixels in a character.
  static func row(_ images: [[Float]], captions: [String]) -> String {
    let (size, gap) = (28, "  ")
    let head = captions.map { caption in
      String(caption.prefix(size)) + String(repeating: " ", count: max(0, size - caption.count))
    }
    let lines = stride(from: 0, to: size, by: 2).map { row in
      images.map { image in
        (0..<size).map { column in
          "\(shade(image[row * size + column], of: 38))\(shade(image[(row + 1) * size + column], of: 48))▀"
        }.joined() + "\u{1b}[0m"
      }.joined(separator: gap)
    }
    return ([head.joined(separator: gap)] + lines).map { $0 + "\n" }.joined()
  }

  /// Sets the color of a character, or of what is behind it, to a gray of the usual 256 colors.
  private static func shade(_ value: Float, of plane: Int) -> String {
    "\u{1b}[\(plane);5;\(232 + Int(min(max(value, 0), 1) * 23))m"
  }

  /// A bar for each number, from 0 to the largest.
  static func curve(_ values: [Float], height: Int = 8) -> String {
    let largest = values.max() ?? 1
    let eighths = Array(" ▁▂▃▄▅▆▇█")
    let heights = values.map {
      Int((max($0, 0) / max(largest, .leastNormalMagnitude) * Float(8 * height)).rounded())
    }
    return (0..<height).reversed().map { line in
      let axis = line == height - 1 ? decimal(largest, digits: 2) : line == 0 ? "0.00" : "    "
      return axis + " │" + String(heights.map { eighths[min(max($0 - 8 * line, 0), 8)] }) + "\n"
    }.joined()
  }

  /// `0.35`
  static func decimal(_ value: Float, digits: Int) -> String {
    let scale = (0..<digits).reduce(Float(1)) { power, _ in power * 10 }
    let (whole, rest) = Int((value * scale).rounded()).quotientAndRemainder(dividingBy: Int(scale))
    let text = "\(rest)"
    return "\(whole).\(String(repeating: "0", count: max(0, digits - text.count)))\(text)"
  }
}
