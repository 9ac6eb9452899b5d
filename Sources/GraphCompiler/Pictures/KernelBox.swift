/// The boxes of one kernel, one below the other; a frame stands around two or more. Lanes along its right
/// side join inner nodes to the outside, lanes along its left side pass nodes inside.
struct KernelBox: Sendable {
  let boxes: [NodeBox]
  private let width: Double
  /// Values that go from one member to the next.
  private var steps: [Int] = []
  /// Values that pass members on the way.
  private var detours: [(source: Int, target: Int)] = []
  private var laneCount = 0

  private static let lane = 9.0
  private static let margin = 10.0
  private static let gap = 13.0
  private static let linkStyle = SVG.Style(stroke: Palette.line, strokeWidth: 1.2)

  static let frameStyle = SVG.Style(fill: "#f5f5f2", stroke: "#8f8f8a", strokeWidth: 1.1)

  init(boxes: [NodeBox], width: Double) {
    self.boxes = boxes
    self.width = width
  }

  private var isFramed: Bool { boxes.count > 1 }

  private var sideMargin: Double {
    isFramed ? Self.margin + Self.lane * Double(max(laneCount, detours.count)) : 0
  }

  private var topMargin: Double { isFramed ? Self.margin : 0 }

  var size: Size {
    let heights = boxes.reduce(0) { $0 + $1.height }
    let gaps = Double(boxes.count - 1) * Self.gap
    return Size(width + 2 * sideMargin, heights + gaps + 2 * topMargin)
  }

  /// A value that one member makes and a later one uses.
  mutating func join(_ source: Int, _ target: Int) {
    if target == source + 1 { steps.append(source) } else { detours.append((source, target)) }
  }

  /// Makes room for one more value along the right side; returns its distance from the middle.
  mutating func addLane() -> Double {
    laneCount += 1
    return width / 2 + Self.lane * Double(laneCount)
  }

  func memberFrames(_ frame: Rect) -> [Rect] {
    var top = frame.y + topMargin
    return boxes.map { box in
      defer { top += box.height + Self.gap }
      return Rect(frame.x + sideMargin, top, width, box.height)
    }
  }

  // MARK: Ways through the frame

  /// From a member to the point at which its value leaves the frame.
  func way(from member: Int, _ frame: Rect, _ exit: Point) -> [Point] {
    let box = memberFrames(frame)[member]
    if member == boxes.count - 1 { return [Point(exit.x, box.bottom)] }
    let level = box.center.y + 7
    return [Point(box.right, level), Point(exit.x, level)]
  }

  /// To a member, from the point at which the value enters the frame.
  func way(to member: Int, _ frame: Rect, _ entry: Point) -> [Point] {
    let box = memberFrames(frame)[member]
    if member == 0 { return [Point(entry.x, box.y)] }
    let level = box.center.y - 7
    return [Point(entry.x, level), Point(box.right, level)]
  }

  // MARK: Drawing

  func drawFrame(_ frame: Rect, _ svg: inout SVG) {
    if !isFramed { return }
    svg.group(tooltip: "one kernel: \(boxes.map(\.operatorName).joined(separator: ", "))") { svg in
      svg.rectangle(frame, Self.frameStyle, radius: 9)
    }
  }

  func drawMembers(_ frame: Rect, _ svg: inout SVG) {
    let frames = memberFrames(frame)
    for source in steps {
      let x = frames[source].center.x
      svg.arrow([Point(x, frames[source].bottom), Point(x, frames[source + 1].y)], Self.linkStyle)
    }
    for (number, detour) in detours.enumerated() {
      let (from, to) = (frames[detour.source], frames[detour.target])
      let x = from.x - Self.lane * Double(number + 1)
      let (start, end) = (Point(from.x, from.center.y + 7), Point(to.x, to.center.y - 7))
      svg.arrow([start, Point(x, start.y), Point(x, end.y), end], Self.linkStyle)
    }
    for (box, boxFrame) in zip(boxes, frames) { box.draw(boxFrame, &svg) }
  }
}
