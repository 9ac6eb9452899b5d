import LoopIR

/// The filters of one parameter, laid out for a picture: small images, one for each filter, or one for each
/// filter and channel.
struct FilterSheet: Sendable {
  /// How a filter with several channels is shown.
  enum Form: Sendable {
    /// Three channels are red, green and blue, each filter scaled to its own range.
    case colored
    /// A row of images for each filter, one for each channel, in colors for signed numbers; each filter is
    /// scaled to its largest magnitude.
    case signed
  }

  let name: String
  let type: TensorType
  let form: Form
  /// Filters and channels that are shown.
  let filterCount: Int
  let channelCount: Int
  /// The largest magnitude of all elements.
  let limit: Double
  /// Elements along the sides of an image; the axes before the last are stacked.
  private let rows: Int
  private let columns: Int
  private let elements: [Double]

  private static let filterLimit = 24
  private static let coloredLimit = 256
  private static let acrossLimit = 16
  static let gap = 4.0

  /// Nil for parameters that are no filters: those without windows of several elements.
  init?(_ name: String, _ type: TensorType, elements: @autoclosure () -> TensorData) {
    guard Self.holdsFilters(type) else { return nil }
    (self.name, self.type) = (name, type)
    (rows, columns) = (type.shape[2..<(type.rank - 1)].reduce(1, *), type.shape[type.rank - 1])
    form = type.shape[1] == 3 && rows > 1 ? .colored : .signed
    let isSheet = form == .colored || type.shape[1] == 1
    filterCount = min(type.shape[0], isSheet ? Self.coloredLimit : Self.filterLimit)
    channelCount = min(type.shape[1], Self.filterLimit)
    self.elements = elements().doubles
    limit = self.elements.reduce(0) { max($0, abs($1)) }
  }

  static func holdsFilters(_ type: TensorType) -> Bool {
    type.element.isFloatingPoint && type.rank >= 3 && !type.shape.contains(0)
      && type.shape[2...].contains { $0 > 1 }
  }

  // MARK: Places

  /// True where there is one image for each filter.
  private var hasOneImageEach: Bool { form == .colored || channelCount == 1 }

  private var across: Int { hasOneImageEach ? min(filterCount, Self.acrossLimit) : channelCount }

  private var down: Int { hasOneImageEach ? (filterCount + across - 1) / across : filterCount }

  /// Side of an element.
  private var pixel: Double { min(max((30 / Double(max(rows, columns))).rounded(), 2), 10) }

  private var imageSize: Size { Size(pixel * Double(columns), pixel * Double(rows)) }

  var size: Size {
    Size(
      Double(across) * (imageSize.width + Self.gap) - Self.gap,
      Double(down) * (imageSize.height + Self.gap) - Self.gap)
  }

  private func origin(_ filter: Int, _ channel: Int) -> Point {
    let (row, column) =
      hasOneImageEach ? filter.quotientAndRemainder(dividingBy: across) : (filter, channel)
    return Point(
      Double(column) * (imageSize.width + Self.gap), Double(row) * (imageSize.height + Self.gap))
  }

  // MARK: Drawing

  /// The elements of one color are one path: there are few colors and many elements.
  func draw(at corner: Point, _ svg: inout SVG) {
    var paths: [FilterColor: SVG.Path] = [:]
    for filter in 0..<filterCount {
      let scale = range(of: filter)
      for channel in 0..<(hasOneImageEach ? 1 : channelCount) {
        let origin = origin(filter, channel)
        let frame = Rect(corner.x + origin.x, corner.y + origin.y, imageSize.width, imageSize.height)
        svg.rectangle(frame, SVG.Style(stroke: Palette.line, strokeWidth: 0.6))
        for place in 0..<(rows * columns) {
          let (row, column) = place.quotientAndRemainder(dividingBy: columns)
          let color = color(filter, channel, place, scale)
          let start = Point(frame.x + Double(column) * pixel, frame.y + Double(row) * pixel)
          paths[color, default: SVG.Path()].addSquare(start, pixel)
        }
      }
    }
    for (color, path) in paths.sorted(by: { $0.key < $1.key }) {
      svg.draw(path, SVG.Style(fill: color.text, isCrisp: true))
    }
  }

  private func element(_ filter: Int, _ channel: Int, _ place: Int) -> Double {
    elements[(filter * type.shape[1] + channel) * rows * columns + place]
  }

  private func color(_ filter: Int, _ channel: Int, _ place: Int, _ scale: ClosedRange<Double>) -> FilterColor
  {
    switch form {
    case .signed:
      FilterColor(signed: element(filter, channel, place), limit: max(-scale.lowerBound, scale.upperBound))
    case .colored: FilterColor((0..<3).map { element(filter, $0, place) }, scale)
    }
  }

  private func range(of filter: Int) -> ClosedRange<Double> {
    let count = type.shape[1] * rows * columns
    let own = elements[(filter * count)..<((filter + 1) * count)]
    // What is not a number compares as neither smaller nor larger.
    let (least, most) = own.reduce((Double.infinity, -Double.infinity)) { (min($0.0, $1), max($0.1, $1)) }
    return least <= most ? least...most : 0...0
  }
}

/// A color of an element, in few steps.
struct FilterColor: Hashable, Comparable, Sendable {
  private let red: Int
  private let green: Int
  private let blue: Int

  /// Steps from no color to the full one.
  private static let steps = 24.0

  /// Red for positive numbers, blue for negative ones, white for 0.
  init(signed value: Double, limit: Double) {
    let part = limit > 0 && value.isFinite ? value / limit : 0
    let strength = (abs(part) * Self.steps).rounded() / Self.steps
    let full = part < 0 ? (0x21, 0x5f, 0xa8) : (0xb2, 0x1f, 0x2d)
    func mixed(_ channel: Int) -> Int { 0xf7 + Int((Double(channel - 0xf7) * strength).rounded()) }
    (red, green, blue) = (mixed(full.0), mixed(full.1), mixed(full.2))
  }

  /// Three numbers of a range as red, green and blue.
  init(_ values: [Double], _ range: ClosedRange<Double>) {
    let width = range.upperBound - range.lowerBound
    func level(_ value: Double) -> Int {
      guard width > 0, value.isFinite else { return 0x80 }
      return Int(((value - range.lowerBound) / width * Self.steps).rounded() / Self.steps * 255)
    }
    (red, green, blue) = (level(values[0]), level(values[1]), level(values[2]))
  }

  /// `#b21f2d`
  var text: String {
    let digits = [red, green, blue].map { level in
      let text = String(min(max(level, 0), 255), radix: 16)
      return text.count == 1 ? "0\(text)" : text
    }
    return "#\(digits.joined())"
  }

  static func < (left: FilterColor, right: FilterColor) -> Bool {
    (left.red, left.green, left.blue) < (right.red, right.green, right.blue)
  }
}
