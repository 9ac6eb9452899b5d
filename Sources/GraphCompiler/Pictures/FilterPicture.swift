/// The filters of a network, as SVG: what its convolutions look for, as far as their elements are known.
package struct FilterPicture: Sendable {
  private let name: String
  private let sheets: [FilterSheet]
  private let size: Size

  private static let margin = 24.0
  private static let headHeight = 44.0
  private static let titleFont = SVG.Font(size: 20, isBold: true)
  private static let figuresFont = SVG.Font(size: 12, color: Palette.faded)
  private static let nameFont = SVG.Font(size: 12, isBold: true)
  private static let noteFont = SVG.Font(size: 10.5, color: Palette.faded)
  private static let captionHeight = 22.0
  private static let sheetGap = 30.0

  /// Filters whose elements were read or trained; where there are none, the first ones as training starts.
  package init(_ graph: Graph) {
    name = graph.name
    let filters = graph.parameters.filter { FilterSheet.holdsFilters(graph.type(of: $0)) }
    let known = filters.filter { graph[$0].data != nil }
    sheets = (known.isEmpty ? Array(filters.prefix(1)) : known).compactMap { value in
      guard case .parameter(let source) = graph[value].source else { return nil }
      let (name, type) = (graph[value].name, graph.type(of: value))
      return FilterSheet(name, type, elements: source.data(name, type))
    }
    let notes = sheets.map { Self.caption($0) }
    let widths = zip(sheets, notes).map { sheet, note in
      max(
        sheet.size.width,
        TextWidth.width(sheet.name, Self.nameFont) + 10 + TextWidth.width(note, Self.noteFont))
    }
    let heights = sheets.reduce(0) { $0 + Self.captionHeight + $1.size.height + Self.sheetGap }
    let title = max(
      TextWidth.width("\(name): filters", Self.titleFont), TextWidth.width(Self.legend, Self.figuresFont))
    size = Size(
      max(widths.max() ?? 0, title) + 2 * Self.margin, heights + Self.headHeight + 2 * Self.margin)
  }

  private static let legend = "red: positive, blue: negative, white: 0; three channels: as a color image"

  package var svg: String {
    var svg = SVG(size: size, title: "\(name): filters")
    svg.text("\(name): filters", at: Point(Self.margin, Self.margin + 17), Self.titleFont)
    let legend = sheets.isEmpty ? "no parameter has windows" : Self.legend
    svg.text(legend, at: Point(Self.margin, Self.margin + 38), Self.figuresFont)
    var top = Self.margin + Self.headHeight + 18
    for sheet in sheets {
      svg.text(sheet.name, at: Point(Self.margin, top), Self.nameFont)
      let left = Self.margin + TextWidth.width(sheet.name, Self.nameFont) + 10
      svg.text(Self.caption(sheet), at: Point(left, top), Self.noteFont)
      sheet.draw(at: Point(Self.margin, top + Self.captionHeight - 12), &svg)
      top += Self.captionHeight + sheet.size.height + Self.sheetGap
    }
    return svg.text
  }

  /// `6×1×5×5 · each filter scaled to its range, up to ±1.55`
  private static func caption(_ sheet: FilterSheet) -> String {
    var parts = [sheet.type.picturedShape]
    let (filters, channels) = (sheet.type.shape[0], sheet.type.shape[1])
    if sheet.form == .signed, channels > 1 {
      parts.append("a row for each filter, a column for each channel")
    }
    if sheet.filterCount < filters { parts.append("the first \(sheet.filterCount) of \(filters) filters") }
    if sheet.form == .signed, sheet.channelCount < channels {
      parts.append("the first \(sheet.channelCount) of \(channels) channels")
    }
    parts.append("each filter scaled to its range, up to ±\(HumanUnits.rounded(sheet.limit, digits: 3))")
    return parts.joined(separator: " · ")
  }
}
