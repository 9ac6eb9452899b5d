/// Files compressed by gzip, RFC 1952.
enum Gzip {
  /// Decompressing to more than this (1 GB) is refused unless the caller says otherwise.
  static let defaultOutputLimit = 1 << 30

  static func isGzip(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B
  }

  /// Decompresses all members of the file, checking length and CRC of each.
  static func decompress(
    _ bytes: UnsafeRawBufferPointer, outputLimit: Int = defaultOutputLimit
  ) throws(InflateError) -> [UInt8] {
    var output: [UInt8] = []
    var position = 0
    repeat {
      let start = try skipHeader(bytes, position)
      var inflate = Inflate(bytes, from: start, outputLimit: outputLimit - output.count)
      try inflate.run()
      guard inflate.position + 8 <= bytes.count else { throw .truncated }
      let crc = bytes.loadUnaligned(fromByteOffset: inflate.position, as: UInt32.self)
      let size = bytes.loadUnaligned(fromByteOffset: inflate.position + 4, as: UInt32.self)
      guard size == UInt32(truncatingIfNeeded: inflate.output.count), crc == crc32(inflate.output) else {
        throw InflateError(message: "the checksum of the compressed data is wrong")
      }
      position = inflate.position + 8
      if output.isEmpty { output = inflate.output } else { output += inflate.output }
    } while position < bytes.count
    return output
  }

  /// First byte behind the header of the member at `start`.
  private static func skipHeader(_ bytes: UnsafeRawBufferPointer, _ start: Int) throws(InflateError) -> Int {
    guard start + 10 <= bytes.count else { throw .truncated }
    guard bytes[start] == 0x1F, bytes[start + 1] == 0x8B, bytes[start + 2] == 8 else {
      throw InflateError(message: "no gzip header")
    }
    let flags = bytes[start + 3]
    if flags & 0xE0 != 0 { throw InflateError(message: "unknown flags in the gzip header") }
    var position = start + 10
    if flags & 4 != 0 {
      guard position + 2 <= bytes.count else { throw .truncated }
      position += 2 + Int(bytes.loadUnaligned(fromByteOffset: position, as: UInt16.self))
    }
    // File name and comment, each ended by a zero byte.
    for flag: UInt8 in [8, 16] where flags & flag != 0 {
      guard position < bytes.count, let end = bytes[position...].firstIndex(of: 0) else { throw .truncated }
      position = end + 1
    }
    if flags & 2 != 0 { position += 2 }
    guard position <= bytes.count else { throw .truncated }
    return position
  }

  /// CRC-32 of ISO 3309 (reflected polynomial 0xEDB88320).
  static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in bytes { crc = crcTable[Int((crc ^ UInt32(byte)) & 0xFF)] ^ crc >> 8 }
    return ~crc
  }

  private static let crcTable: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
  }
}
