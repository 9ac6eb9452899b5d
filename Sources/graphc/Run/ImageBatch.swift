import TensorFiles

/// A tensor of images as brightness from 0 to 1.
struct ImageBatch {
  let count: Int
  /// 1 for gray, 3 for red, green and blue.
  let channels: Int
  let height: Int
  let width: Int
  private let values: [Float]
  private let range: ClosedRange<Float>

  /// Nil where the tensor is no [N, 1 or 3, height, width]. Bytes go from 0 to 255; otherwise the smallest
  /// number of all images is black and the largest is white.
  init?(_ tensor: StoredTensor) {
    let shape = tensor.shape
    guard shape.count == 4, shape[1] == 1 || shape[1] == 3, tensor.elementCount > 0 else { return nil }
    (count, channels, height, width) = (shape[0], shape[1], shape[2], shape[3])
    values = tensor.floats()
    if tensor.element == .u8 {
      range = 0...255
    } else {
      let finite = values.lazy.filter(\.isFinite)
      range = (finite.min() ?? 0)...(finite.max() ?? 0)
    }
  }

  /// The mean over a box of pixels. An empty box is widened to one pixel.
  func brightness(_ image: Int, _ channel: Int, rows: Range<Int>, columns: Range<Int>) -> Float {
    let plane = (image * channels + channel) * height * width
    var sum: Float = 0
    for row in rows {
      for column in columns { sum += values[plane + row * width + column] }
    }
    let mean = sum / Float(rows.count * columns.count)
    let span = range.upperBound - range.lowerBound
    let share = span > 0 ? (mean - range.lowerBound) / span : 0
    return share.isFinite ? min(max(share, 0), 1) : 0
  }

  /// An image scaled down to a grid, one color a cell.
  func scaled(_ image: Int, rows: Int, columns: Int) -> [[PixelColor]] {
    (0..<rows).map { row in
      (0..<columns).map { column in
        let box = (Self.box(row, of: rows, in: height), Self.box(column, of: columns, in: width))
        let levels = (0..<channels).map { brightness(image, $0, rows: box.0, columns: box.1) }
        return PixelColor(red: levels[0], green: levels[channels / 2], blue: levels[channels - 1])
      }
    }
  }

  private static func box(_ place: Int, of count: Int, in extent: Int) -> Range<Int> {
    let start = place * extent / count
    return start..<max((place + 1) * extent / count, start + 1)
  }
}

/// A color with parts from 0 to 1.
struct PixelColor: Hashable, Sendable {
  var red: Float
  var green: Float
  var blue: Float

  /// Relative luminance as Rec. 709 weighs the parts.
  var luminance: Float { 0.2126 * red + 0.7152 * green + 0.0722 * blue }
}
