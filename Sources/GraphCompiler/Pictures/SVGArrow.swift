extension SVG {
  private static let headLength = 6.5
  private static let headWidth = 5.6
  private static let cornerRadius = 5.0

  /// A line through points that ends in a filled head. Level and upright pieces are straight with rounded
  /// corners between, slanted ones become curves that leave and arrive upright.
  mutating func arrow(_ points: [Point], _ style: Style) {
    let stops = Self.withoutRepetitions(points)
    guard stops.count > 1, let tip = stops.last else { return }
    let before = stops[stops.count - 2]
    let isLevel = abs(before.y - tip.y) < 0.01
    let direction = isLevel ? Point(tip.x < before.x ? -1 : 1, 0) : Point(0, tip.y < before.y ? -1 : 1)
    let base = tip.moved(-direction.x * Self.headLength, -direction.y * Self.headLength)
    var shaft = stops
    shaft[shaft.count - 1] = tip.moved(-direction.x * 3, -direction.y * 3)
    draw(Self.line(through: shaft), style)

    let (dx, dy) = (direction.y * Self.headWidth / 2, direction.x * Self.headWidth / 2)
    var head = Path()
    head.move(tip)
    head.line(base.moved(dx, dy))
    head.line(base.moved(-dx, -dy))
    head.close()
    draw(head, Style(fill: style.stroke))
  }

  private static func withoutRepetitions(_ points: [Point]) -> [Point] {
    var stops: [Point] = []
    for point in points {
      if let last = stops.last, abs(last.x - point.x) < 0.01, abs(last.y - point.y) < 0.01 { continue }
      if stops.count > 1, isUpright(stops[stops.count - 2], stops[stops.count - 1]),
        isUpright(stops[stops.count - 1], point)
      {
        stops.removeLast()
      }
      stops.append(point)
    }
    return stops
  }

  private static func line(through stops: [Point]) -> Path {
    var path = Path()
    path.move(stops[0])
    for (place, stop) in stops.enumerated().dropFirst() {
      let before = stops[place - 1]
      if !isUpright(before, stop), !isLevel(before, stop) {
        let middle = (before.y + stop.y) / 2
        path.curve(Point(before.x, middle), Point(stop.x, middle), stop)
      } else if place + 1 < stops.count, isCorner(before, stop, stops[place + 1]) {
        path.line(toward(before, from: stop))
        path.corner(stop, toward(stops[place + 1], from: stop))
      } else {
        path.line(stop)
      }
    }
    return path
  }

  /// A point on the way to another, as far as a rounded corner reaches.
  private static func toward(_ other: Point, from corner: Point) -> Point {
    let (dx, dy) = (other.x - corner.x, other.y - corner.y)
    let length = abs(dx) + abs(dy)
    let reach = min(cornerRadius, length / 2) / max(length, 0.01)
    return corner.moved(dx * reach, dy * reach)
  }

  private static func isCorner(_ a: Point, _ b: Point, _ c: Point) -> Bool {
    isUpright(a, b) && isLevel(b, c) || isLevel(a, b) && isUpright(b, c)
  }

  private static func isUpright(_ a: Point, _ b: Point) -> Bool { abs(a.x - b.x) < 0.01 }

  private static func isLevel(_ a: Point, _ b: Point) -> Bool { abs(a.y - b.y) < 0.01 }

  /// The longest upright piece of a line.
  static func longestVertical(_ points: some Sequence<Point>) -> (x: Double, top: Double, bottom: Double)? {
    let stops = withoutRepetitions(Array(points))
    let pieces = zip(stops, stops.dropFirst()).filter { isUpright($0, $1) }
    guard let piece = pieces.max(by: { $0.1.y - $0.0.y < $1.1.y - $1.0.y }) else { return nil }
    return (piece.0.x, piece.0.y, piece.1.y)
  }
}
