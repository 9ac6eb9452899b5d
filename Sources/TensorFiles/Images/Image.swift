/// A picture as files store it: 8 bits a sample, row by row, the channels of a pixel together.
package struct Image: Sendable, Equatable {
  package let width: Int
  package let height: Int
  /// 1 for gray, 3 for red, green and blue.
  package let channels: Int
  package let samples: [UInt8]

  /// Larger pictures (2^28 pixels) are refused.
  static let pixelLimit = 1 << 28

  /// Samples must be as many as the extents ask for.
  package init(width: Int, height: Int, channels: Int, samples: [UInt8]) {
    precondition(channels == 1 || channels == 3, "an image is gray or has three colors")
    precondition(samples.count == width * height * channels, "extents and samples disagree")
    self.width = width
    self.height = height
    self.channels = channels
    self.samples = samples
  }

  /// Endings of the names of files that are read.
  package static let fileExtensions = ["png", "pgm", "ppm", "pnm"]

  /// Reads a PNG, PGM or PPM file, told apart by their first bytes.
  package static func read(_ path: String) throws(TensorFileError) -> Image {
    try read(MappedFile(path: path))
  }

  package static func read(_ file: MappedFile) throws(TensorFileError) -> Image {
    if PNGFile.isPNG(file.bytes) { return try PNGFile.read(file) }
    if PortableAnymap.isAnymap(file.bytes) { return try PortableAnymap.read(file) }
    throw TensorFileError(
      file.path, "not an image that is read", cause: "it begins neither like PNG nor like PGM or PPM",
      cure: "convert it to PNG")
  }

  /// The samples channel by channel. Gray becomes three equal channels; colors become gray as Rec. 601 weighs them,
  /// in 16 binary places.
  package func planes(channels wanted: Int) -> [UInt8] {
    let area = width * height
    if wanted == channels, channels == 1 { return samples }
    if channels == 1 { return (0..<wanted).flatMap { _ in samples } }
    if wanted == 1 {
      return (0..<area).map { pixel in
        let (red, green, blue) = (samples[3 * pixel], samples[3 * pixel + 1], samples[3 * pixel + 2])
        let sum = UInt32(red) * 19595 + UInt32(green) * 38470 + UInt32(blue) * 7471 + 0x8000
        return UInt8(truncatingIfNeeded: sum >> 16)
      }
    }
    return (0..<3).flatMap { channel in (0..<area).map { samples[3 * $0 + channel] } }
  }

  /// The count of pixels; nil where an extent is 0, or the picture too large.
  static func pixelCount(_ width: Int, _ height: Int) -> Int? {
    let (area, overflow) = width.multipliedReportingOverflow(by: height)
    return width > 0 && height > 0 && !overflow && area <= pixelLimit ? area : nil
  }
}
