import SourceText

/// Images in a terminal, side by side, each with a caption: half blocks where there are colors, characters of
/// growing weight elsewhere.
struct PictureSheet {
  struct Caption: Hashable, Sendable {
    enum Verdict: Sendable { case right, wrong, unknown }

    var text: String
    var verdict: Verdict
  }

  /// Columns of the widest picture; larger images are scaled down.
  private static let widthLimit = 40
  /// Columns between pictures.
  private static let gap = 2
  /// From black to white.
  private static let shades = Array(" .:-=+*#%@")

  private let images: ImageBatch
  private let captions: [Caption]
  private let colors: ColorDepth
  private let pictureWidth: Int
  /// Lines of text, each two rows of square pixels.
  private let pictureHeight: Int
  private let cellWidth: Int
  private let columns: Int

  /// The first images of the batch, as many as there are captions.
  init(_ images: ImageBatch, _ captions: [Caption], _ console: Console) {
    self.images = images
    self.captions = captions
    colors = console.outputColors
    pictureWidth = min(images.width, Self.widthLimit, console.width)
    let rows = (images.height * pictureWidth + images.width - 1) / images.width
    pictureHeight = max(1, (min(rows, 2 * Self.widthLimit) + 1) / 2)
    cellWidth = min(max(pictureWidth, captions.map(\.text.count).max() ?? 0), console.width)
    columns = max(1, (console.width + Self.gap) / (cellWidth + Self.gap))
  }

  var text: String {
    var lines: [String] = []
    for start in stride(from: 0, to: captions.count, by: columns) {
      let row = start..<min(start + columns, captions.count)
      let pictures = row.map(picture)
      for line in 0..<pictureHeight { lines.append(joined(pictures.map { ($0[line], pictureWidth) })) }
      lines.append(
        joined(row.map { (caption(captions[$0]), captions[$0].text.clipped(to: cellWidth).count) }))
      lines.append("")
    }
    return lines.map { $0.withoutTrailingSpaces + "\n" }.joined()
  }

  /// Cells of a line, filled up to their width.
  private func joined(_ cells: [(text: String, width: Int)]) -> String {
    cells.enumerated().map { place, cell in
      let fill = place + 1 < cells.count ? cellWidth + Self.gap - cell.width : 0
      return cell.text + String(repeating: " ", count: max(0, fill))
    }.joined()
  }

  private func caption(_ caption: Caption) -> String {
    let text = caption.text.clipped(to: cellWidth)
    if colors == .none { return text }
    switch caption.verdict {
    case .right: return "\u{1b}[32m\(text)\u{1b}[0m"
    case .wrong: return "\u{1b}[31m\(text)\u{1b}[0m"
    case .unknown: return text
    }
  }

  private func picture(_ image: Int) -> [String] {
    if colors == .none {
      let pixels = images.scaled(image, rows: pictureHeight, columns: pictureWidth)
      return pixels.map { row in String(row.map { Self.shades[level($0.luminance, Self.shades.count - 1)] }) }
    }
    let pixels = images.scaled(image, rows: 2 * pictureHeight, columns: pictureWidth)
    return (0..<pictureHeight).map { line in
      let cells = (0..<pictureWidth).map { column in
        "\u{1b}[38;\(code(pixels[2 * line][column]));48;\(code(pixels[2 * line + 1][column]))m▀"
      }
      return cells.joined() + "\u{1b}[0m"
    }
  }

  /// The part of an ANSI sequence that names a color.
  private func code(_ color: PixelColor) -> String {
    let parts = [color.red, color.green, color.blue]
    if colors == .full { return "2;" + parts.map { String(level($0, 255)) }.joined(separator: ";") }
    if color.red == color.green, color.green == color.blue { return "5;\(232 + level(color.red, 23))" }
    let cube = parts.reduce(0) { 6 * $0 + level($1, 5) }
    return "5;\(16 + cube)"
  }

  private func level(_ brightness: Float, _ largest: Int) -> Int {
    Int((brightness * Float(largest)).rounded())
  }
}
