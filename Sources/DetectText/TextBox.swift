/// A rectangle around text; its edges belong to it.
struct TextBox: Equatable {
  var left: Int
  var top: Int
  var right: Int
  var bottom: Int
  /// Mean probability of the pixels that made it.
  var score: Float = 0

  /// Pixels above this are taken for text.
  private static let pixelThreshold: Float = 0.3
  /// Boxes whose mean is below this are none.
  private static let boxThreshold: Float = 0.6
  /// Less than this many pixels are noise.
  private static let leastCount = 16
  /// The network marks the core of a line; the line is that many times its area over its perimeter wider on
  /// each side.
  private static let growth = 1.6

  /// One box for each connected region of likely pixels, from top to bottom.
  static func boxes(_ probabilities: [Float], width: Int, height: Int) -> [TextBox] {
    var isSeen = probabilities.map { $0 <= pixelThreshold }
    var boxes: [TextBox] = []
    for start in probabilities.indices where !isSeen[start] {
      var (pending, region) = ([start], [Int]())
      isSeen[start] = true
      while let pixel = pending.popLast() {
        region.append(pixel)
        let x = pixel % width
        let neighbors = [
          x > 0 ? pixel - 1 : -1, x < width - 1 ? pixel + 1 : -1, pixel - width, pixel + width,
        ]
        for next in neighbors where probabilities.indices.contains(next) && !isSeen[next] {
          isSeen[next] = true
          pending.append(next)
        }
      }
      if let box = box(around: region, probabilities, width, height) { boxes.append(box) }
    }
    return boxes.sorted { ($0.top, $0.left) < ($1.top, $1.left) }
  }

  private static func box(around region: [Int], _ probabilities: [Float], _ width: Int, _ height: Int)
    -> TextBox?
  {
    let score = region.reduce(0) { $0 + probabilities[$1] } / Float(region.count)
    guard region.count >= leastCount, score >= boxThreshold else { return nil }
    let (columns, rows) = (region.map { $0 % width }, region.map { $0 / width })
    guard let left = columns.min(), let right = columns.max(), let top = rows.min(), let bottom = rows.max()
    else {
      return nil
    }
    let (across, down) = (right - left + 1, bottom - top + 1)
    let margin = Int((growth * Double(across * down) / Double(2 * (across + down))).rounded())
    return TextBox(
      left: max(left - margin, 0), top: max(top - margin, 0), right: min(right + margin, width - 1),
      bottom: min(bottom + margin, height - 1), score: score)
  }

  /// The same in a picture of another size.
  func scaled(x: Double, y: Double) -> TextBox {
    TextBox(
      left: Int(Double(left) * x), top: Int(Double(top) * y), right: Int(Double(right + 1) * x) - 1,
      bottom: Int(Double(bottom + 1) * y) - 1, score: score)
  }
}
