/// Data compressed by zlib, RFC 1950.
enum Zlib {
  /// Decompresses one stream that fills the bytes, checking its Adler-32.
  static func decompress(
    _ bytes: UnsafeRawBufferPointer, outputLimit: Int
  ) throws(InflateError) -> [UInt8] {
    guard bytes.count >= 2 else { throw .truncated }
    let header = Int(bytes[0]) << 8 | Int(bytes[1])
    guard bytes[0] & 0xF == 8, header % 31 == 0, bytes[1] & 0x20 == 0 else {
      throw InflateError(message: "no zlib header")
    }
    var inflate = Inflate(bytes, from: 2, outputLimit: outputLimit)
    try inflate.run()
    guard inflate.position + 4 <= bytes.count else { throw .truncated }
    let stored = bytes.loadUnaligned(fromByteOffset: inflate.position, as: UInt32.self)
    guard UInt32(bigEndian: stored) == adler32(inflate.output) else {
      throw InflateError(message: "the checksum of the compressed data is wrong")
    }
    guard inflate.position + 4 == bytes.count else {
      throw InflateError(message: "bytes follow the compressed data")
    }
    return inflate.output
  }

  static func adler32(_ bytes: [UInt8]) -> UInt32 {
    var (low, high): (UInt32, UInt32) = (1, 0)
    // The sums of 5552 bytes cannot overflow.
    for start in stride(from: 0, to: bytes.count, by: 5552) {
      for byte in bytes[start..<min(start + 5552, bytes.count)] {
        low += UInt32(byte)
        high += low
      }
      low %= 65521
      high %= 65521
    }
    return high << 16 | low
  }
}
