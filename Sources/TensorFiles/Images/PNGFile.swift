/// PNG images (ISO/IEC 15948) with 8 bits a sample: gray, RGB, palette, also with an alpha channel, which is dropped.
enum PNGFile {
  private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  static func isPNG(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= 8 && bytes.prefix(8).elementsEqual(signature)
  }

  static func read(_ file: MappedFile) throws(TensorFileError) -> Image {
    defer { withExtendedLifetime(file) {} }
    let chunks = try PNGChunks(file)
    let header = try PNGHeader(chunks.header, file.path)
    let lines = try decompressed(chunks.data, header, file.path)
    let bytes = try PNGFilter.removed(from: lines, header, file.path)
    if header.color == .palette { return try colored(bytes, header, chunks.palette, file.path) }
    let kept = header.color.channels
    var samples = bytes
    if header.color.hasAlpha {
      let step = kept + 1
      samples = (0..<header.pixels * kept).map { bytes[$0 / kept * step + $0 % kept] }
    }
    return Image(width: header.width, height: header.height, channels: kept, samples: samples)
  }

  private static func decompressed(
    _ data: [UInt8], _ header: PNGHeader, _ path: String
  ) throws(TensorFileError) -> [UInt8] {
    let expected = (header.bytesPerLine + 1) * header.height
    let result: Result<[UInt8], InflateError> = data.withUnsafeBytes { bytes in
      do throws(InflateError) {
        return .success(try Zlib.decompress(bytes, outputLimit: expected))
      } catch {
        return .failure(error)
      }
    }
    let lines: [UInt8]
    do throws(InflateError) { lines = try result.get() } catch {
      throw TensorFileError(path, "cannot decompress the image", cause: error.message)
    }
    guard lines.count == expected else {
      throw TensorFileError(
        path, "the image is cut short",
        cause: "\(header.width) x \(header.height) pixels take \(expected) bytes, found \(lines.count)")
    }
    return lines
  }

  private static func colored(
    _ indices: [UInt8], _ header: PNGHeader, _ palette: [UInt8], _ path: String
  ) throws(TensorFileError) -> Image {
    guard !palette.isEmpty, palette.count % 3 == 0, palette.count <= 768 else {
      throw TensorFileError(path, "malformed PNG file", cause: "its palette has \(palette.count) bytes")
    }
    var samples: [UInt8] = []
    samples.reserveCapacity(3 * indices.count)
    for index in indices {
      let start = 3 * Int(index)
      guard start < palette.count else {
        throw TensorFileError(
          path, "malformed PNG file", cause: "color \(index) is not in its palette of \(palette.count / 3)")
      }
      samples += palette[start..<start + 3]
    }
    return Image(width: header.width, height: header.height, channels: 3, samples: samples)
  }
}

/// What the first chunk says.
struct PNGHeader {
  enum Color: UInt8 {
    case gray = 0
    case rgb = 2
    case palette = 3
    case grayAlpha = 4
    case rgba = 6

    /// Channels of the image without alpha.
    var channels: Int { self == .gray || self == .grayAlpha ? 1 : 3 }
    var hasAlpha: Bool { self == .grayAlpha || self == .rgba }
    /// Bytes of a pixel in the file.
    var bytesPerPixel: Int { self == .palette ? 1 : channels + (hasAlpha ? 1 : 0) }
  }

  let width: Int
  let height: Int
  let pixels: Int
  let color: Color

  var bytesPerLine: Int { width * color.bytesPerPixel }

  init(_ bytes: ArraySlice<UInt8>, _ path: String) throws(TensorFileError) {
    let bytes = Array(bytes)
    guard bytes.count == 13 else {
      throw TensorFileError(path, "malformed PNG file", cause: "its header has \(bytes.count) bytes, not 13")
    }
    func number(_ start: Int) -> Int { bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
    (width, height) = (number(0), number(4))
    guard let color = Color(rawValue: bytes[9]), bytes[10] == 0, bytes[11] == 0, bytes[12] <= 1 else {
      throw TensorFileError(path, "malformed PNG file", cause: "its header asks for unknown methods")
    }
    self.color = color
    guard bytes[8] == 8 else {
      throw TensorFileError(
        path, "PNG images of \(bytes[8]) bits a sample are not read", cure: "convert them to 8 bits")
    }
    guard bytes[12] == 0 else {
      throw TensorFileError(path, "interlaced PNG images are not read", cure: "save them without interlacing")
    }
    guard let pixels = Image.pixelCount(width, height) else {
      throw TensorFileError(
        path, "expected an image of 1 to \(Image.pixelLimit) pixels", cause: "found \(width) x \(height)")
    }
    self.pixels = pixels
  }
}
