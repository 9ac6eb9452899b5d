extension Image {
  /// Writes a PNG file: 8 bits a sample, not compressed.
  package func write(to path: String) throws(TensorFileError) {
    try writeFile(at: path) { (sink) throws(TensorFileError) in try sink.write(png) }
  }

  /// The bytes of the file.
  package var png: [UInt8] {
    let header =
      Self.bigEndian(UInt32(width)) + Self.bigEndian(UInt32(height)) + [8, channels == 1 ? 0 : 2, 0, 0, 0]
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + Self.chunk("IHDR", header)
      + Self.chunk("IDAT", Self.stored(lines)) + Self.chunk("IEND", [])
  }

  /// Every row of pixels behind the number of its filter: none.
  private var lines: [UInt8] {
    let stride = width * channels
    return (0..<height).flatMap { (row: Int) -> [UInt8] in
      let start = row * stride
      return [0] + samples[start..<start + stride]
    }
  }

  /// The bytes as a zlib stream (RFC 1950) of blocks that are stored as they are (RFC 1951, 3.2.4).
  private static func stored(_ bytes: [UInt8]) -> [UInt8] {
    let limit = 65535
    var stream: [UInt8] = [0x78, 0x01]
    stream.reserveCapacity(bytes.count + bytes.count / limit * 5 + 16)
    for start in stride(from: 0, to: bytes.count, by: limit) {
      let end = min(start + limit, bytes.count)
      let count = UInt16(end - start)
      stream.append(end == bytes.count ? 1 : 0)
      for number in [count, ~count] { stream += [UInt8(truncatingIfNeeded: number), UInt8(number >> 8)] }
      stream += bytes[start..<end]
    }
    return stream + bigEndian(Zlib.adler32(bytes))
  }

  private static func chunk(_ kind: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(kind.utf8) + data
    return bigEndian(UInt32(data.count)) + body + bigEndian(Gzip.crc32(body))
  }

  private static func bigEndian(_ number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }
}
