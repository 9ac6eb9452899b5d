/// PGM and PPM images with samples of 8 bits, as text (P2, P3) and as bytes (P5, P6).
enum PortableAnymap {
  static func isAnymap(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= 2 && bytes[0] == UInt8(ascii: "P") && (0x31...0x37).contains(bytes[1])
  }

  static func read(_ file: MappedFile) throws(TensorFileError) -> Image {
    defer { withExtendedLifetime(file) {} }
    var scanner = Scanner(bytes: file.bytes, path: file.path)
    let kind = file.bytes[1] - UInt8(ascii: "0")
    guard [2, 3, 5, 6].contains(kind) else {
      throw TensorFileError(
        file.path, "'P\(kind)' images are not read", cause: "only gray (P2, P5) and color (P3, P6) ones are",
        cure: "convert them to PNG")
    }
    let width = try scanner.number("the width")
    let height = try scanner.number("the height")
    let largest = try scanner.number("the largest sample")
    guard let pixels = Image.pixelCount(width, height) else {
      throw TensorFileError(
        file.path, "expected an image of 1 to \(Image.pixelLimit) pixels", cause: "found \(width) x \(height)"
      )
    }
    guard (1...255).contains(largest) else {
      throw TensorFileError(
        file.path, "expected samples of at most 255", cause: "the largest is said to be \(largest)",
        cure: "convert them to 8 bits")
    }
    let channels = kind == 2 || kind == 5 ? 1 : 3
    let count = pixels * channels
    let samples = kind <= 3 ? try scanner.numbers(count, largest) : try scanner.rest(count, largest)
    return Image(width: width, height: height, channels: channels, samples: samples)
  }
}

private struct Scanner {
  let bytes: UnsafeRawBufferPointer
  let path: String
  private var position = 2

  init(bytes: UnsafeRawBufferPointer, path: String) {
    self.bytes = bytes
    self.path = path
  }

  /// The next number behind spaces and comments.
  mutating func number(_ what: String) throws(TensorFileError) -> Int {
    skipSpace()
    let start = position
    var value = 0
    while position < bytes.count, let digit = Self.digit(bytes[position]), position - start < 10 {
      value = 10 * value + digit
      position += 1
    }
    guard position > start, position == bytes.count || Self.isSpace(bytes[position]) else {
      throw TensorFileError(path, "malformed image", cause: "\(what) is not a number of few digits")
    }
    return value
  }

  /// Samples written as text.
  mutating func numbers(_ count: Int, _ largest: Int) throws(TensorFileError) -> [UInt8] {
    var samples: [UInt8] = []
    // Each takes two bytes: what the header claims may be a lie.
    samples.reserveCapacity(min(count, bytes.count / 2))
    for place in 0..<count {
      skipSpace()
      guard position < bytes.count else { throw cutShort(count, place) }
      let value = try number("sample \(place)")
      guard value <= largest else { throw tooLarge(value, place, largest) }
      samples.append(Self.scaled(value, largest))
    }
    return samples
  }

  /// Samples written as bytes, behind a single space.
  mutating func rest(_ count: Int, _ largest: Int) throws(TensorFileError) -> [UInt8] {
    position += 1
    let found = max(0, bytes.count - position)
    guard found >= count else { throw cutShort(count, found) }
    let samples = bytes[position..<position + count]
    if largest == 255 { return Array(samples) }
    if let place = samples.firstIndex(where: { $0 > largest }) {
      throw tooLarge(Int(samples[place]), place - position, largest)
    }
    return samples.map { Self.scaled(Int($0), largest) }
  }

  private func cutShort(_ expected: Int, _ found: Int) -> TensorFileError {
    TensorFileError(
      path, "the image is cut short", cause: "expected \(expected) samples, found \(found)")
  }

  private func tooLarge(_ value: Int, _ place: Int, _ largest: Int) -> TensorFileError {
    TensorFileError(
      path, "malformed image", cause: "sample \(place) is \(value), the largest is said to be \(largest)")
  }

  private mutating func skipSpace() {
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "#") {
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
      } else if Self.isSpace(bytes[position]) {
        position += 1
      } else {
        return
      }
    }
  }

  private static func scaled(_ value: Int, _ largest: Int) -> UInt8 {
    UInt8((2 * 255 * value + largest) / (2 * largest))
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  private static func digit(_ byte: UInt8) -> Int? {
    (0x30...0x39).contains(byte) ? Int(byte) - 0x30 : nil
  }
}
