import TensorFiles

/// A colored picture, row by row, with samples from 0 to 255 between which others lie.
struct Picture {
  private(set) var width: Int
  private(set) var height: Int
  /// Red, green and blue of each pixel.
  private(set) var samples: [Float]

  init(_ image: Image) {
    (width, height) = (image.width, image.height)
    let planes = image.planes(channels: 3)
    let area = width * height
    samples = (0..<3 * area).map { Float(planes[$0 % 3 * area + $0 / 3]) }
  }

  /// Interpolated between the four neighbors.
  func resized(width newWidth: Int, height newHeight: Int) -> Picture {
    var result = self
    (result.width, result.height) = (newWidth, newHeight)
    result.samples = [Float](repeating: 0, count: 3 * newWidth * newHeight)
    for y in 0..<newHeight {
      let (top, down) = Self.position(y, newHeight, height)
      let bottom = min(top + 1, height - 1)
      for x in 0..<newWidth {
        let (left, across) = Self.position(x, newWidth, width)
        let right = min(left + 1, width - 1)
        for channel in 0..<3 {
          let above = sample(left, top, channel) * (1 - across) + sample(right, top, channel) * across
          let below = sample(left, bottom, channel) * (1 - across) + sample(right, bottom, channel) * across
          result.samples[3 * (y * newWidth + x) + channel] = above * (1 - down) + below * down
        }
      }
    }
    return result
  }

  private func sample(_ x: Int, _ y: Int, _ channel: Int) -> Float { samples[3 * (y * width + x) + channel] }

  /// The element before the place, and the share of the next one: centers of pixels lie on centers.
  private static func position(_ place: Int, _ newCount: Int, _ count: Int) -> (index: Int, share: Float) {
    let exact = (Float(place) + 0.5) * Float(count) / Float(newCount) - 0.5
    let clamped = max(0, min(exact, Float(count - 1)))
    return (Int(clamped), clamped - clamped.rounded(.down))
  }

  /// The frame of a box, `stroke` pixels wide and red.
  mutating func draw(_ box: TextBox, stroke: Int) {
    for y in stride(from: max(box.top, 0), to: min(box.bottom + 1, height), by: 1) {
      for x in stride(from: max(box.left, 0), to: min(box.right + 1, width), by: 1) {
        let edge = min(x - box.left, box.right - x, y - box.top, box.bottom - y)
        guard edge < stroke else { continue }
        for (channel, sample) in Self.red.enumerated() { samples[3 * (y * width + x) + channel] = sample }
      }
    }
  }

  private static let red: [Float] = [230, 30, 30]

  var image: Image {
    Image(
      width: width, height: height, channels: 3,
      samples: samples.map { UInt8(max(0, min(255, $0.rounded()))) })
  }
}
