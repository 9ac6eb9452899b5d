/// What is wrong with compressed data.
struct InflateError: Error, Equatable {
  let message: String

  static let truncated = InflateError(message: "the compressed data are cut short")
}

/// Decompression of the deflate format, RFC 1951.
struct Inflate {
  private let input: UnsafeRawBufferPointer
  /// Next byte of the input.
  private(set) var position: Int
  private var bits: UInt64 = 0
  private var bitCount = 0
  private let outputLimit: Int
  private(set) var output: [UInt8] = []

  /// - Parameters:
  ///   - start: where the deflate stream begins in the input.
  ///   - outputLimit: decompressing to more bytes than this is refused.
  init(_ input: UnsafeRawBufferPointer, from start: Int = 0, outputLimit: Int) {
    self.input = input
    self.outputLimit = outputLimit
    position = start
  }

  /// Decompresses up to the end of the stream; `position` is then the first byte behind it.
  mutating func run() throws(InflateError) {
    var isLast = false
    while !isLast {
      isLast = try take(1) == 1
      switch try take(2) {
      case 0: try copyStored()
      case 1: try decode(Self.fixedLiterals, Self.fixedDistances)
      case 2:
        let (literals, distances) = try readCodes()
        try decode(literals, distances)
      default: throw InflateError(message: "unknown block type in the compressed data")
      }
    }
    position -= bitCount / 8
    bitCount = 0
  }

  private mutating func refill() {
    while bitCount <= 48, position < input.count {
      bits |= UInt64(input[position]) << UInt64(bitCount)
      bitCount += 8
      position += 1
    }
  }

  private mutating func drop(_ count: Int) {
    bits >>= UInt64(count)
    bitCount -= count
  }

  private mutating func take(_ count: Int) throws(InflateError) -> Int {
    if bitCount < count { refill() }
    guard bitCount >= count else { throw .truncated }
    let value = Int(bits & (1 << UInt64(count) - 1))
    drop(count)
    return value
  }

  private mutating func symbol(_ code: HuffmanCode) throws(InflateError) -> Int {
    if bitCount < HuffmanCode.longest { refill() }
    let entry = code.entry(bits)
    guard entry.length > 0 else {
      if bitCount < HuffmanCode.longest { throw .truncated }
      throw InflateError(message: "unknown code in the compressed data")
    }
    guard entry.length <= bitCount else { throw .truncated }
    drop(entry.length)
    return entry.symbol
  }

  private func checkRoom(_ count: Int) throws(InflateError) {
    if count > outputLimit - output.count {
      throw InflateError(message: "the data decompress to more than \(outputLimit) bytes")
    }
  }

  private mutating func copyStored() throws(InflateError) {
    drop(bitCount % 8)
    let length = try take(16)
    guard try take(16) == length ^ 0xFFFF else {
      throw InflateError(message: "a stored block has a wrong length")
    }
    position -= bitCount / 8
    bits = 0
    bitCount = 0
    guard length <= input.count - position else { throw .truncated }
    try checkRoom(length)
    output += input[position..<position + length]
    position += length
  }

  private mutating func decode(_ literals: HuffmanCode, _ distances: HuffmanCode) throws(InflateError) {
    while true {
      let symbol = try symbol(literals)
      if symbol < 256 {
        try checkRoom(1)
        output.append(UInt8(symbol))
      } else if symbol == 256 {
        return
      } else {
        try copyMatch(symbol - 257, distances)
      }
    }
  }

  private mutating func copyMatch(_ lengthCode: Int, _ distances: HuffmanCode) throws(InflateError) {
    guard lengthCode < Self.lengthBase.count else {
      throw InflateError(message: "unknown length in the compressed data")
    }
    let length = Self.lengthBase[lengthCode] + (try take(Self.lengthExtra[lengthCode]))
    let distanceCode = try symbol(distances)
    guard distanceCode < 30 else { throw InflateError(message: "unknown distance in the compressed data") }
    let extra = max(0, distanceCode / 2 - 1)
    let base = distanceCode < 2 ? distanceCode + 1 : (2 + distanceCode % 2) << extra + 1
    let distance = base + (try take(extra))
    guard distance <= output.count else {
      throw InflateError(message: "the compressed data refer to bytes before their beginning")
    }
    try checkRoom(length)
    // Source and target may overlap: each byte may be one just written.
    for _ in 0..<length { output.append(output[output.count - distance]) }
  }

  /// The two codes at the head of a block with codes of its own, RFC 1951 section 3.2.7.
  private mutating func readCodes() throws(InflateError) -> (literals: HuffmanCode, distances: HuffmanCode) {
    let literalCount = try take(5) + 257
    let distanceCount = try take(5) + 1
    let lengthCount = try take(4) + 4
    var codeLengths = [UInt8](repeating: 0, count: 19)
    for place in Self.lengthOrder.prefix(lengthCount) { codeLengths[place] = UInt8(try take(3)) }
    let lengthCode = try HuffmanCode(codeLengths)

    var lengths: [UInt8] = []
    while lengths.count < literalCount + distanceCount {
      let symbol = try symbol(lengthCode)
      switch symbol {
      case 16:
        guard let last = lengths.last else { throw InflateError(message: "nothing to repeat in a code") }
        lengths += [UInt8](repeating: last, count: try take(2) + 3)
      case 17: lengths += [UInt8](repeating: 0, count: try take(3) + 3)
      case 18: lengths += [UInt8](repeating: 0, count: try take(7) + 11)
      default: lengths.append(UInt8(symbol))
      }
    }
    guard lengths.count == literalCount + distanceCount, lengths[256] != 0 else {
      throw InflateError(message: "malformed code in the compressed data")
    }
    let literals = try HuffmanCode(Array(lengths[..<literalCount]))
    return (literals, try HuffmanCode(Array(lengths[literalCount...])))
  }

  private static let lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
  private static let lengthBase = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
    227,
    258,
  ]
  private static let lengthExtra = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  private static let fixedLiterals = HuffmanCode(
    valid: [UInt8](repeating: 8, count: 144) + [UInt8](repeating: 9, count: 112)
      + [UInt8](repeating: 7, count: 24) + [UInt8](repeating: 8, count: 8))
  private static let fixedDistances = HuffmanCode(valid: [UInt8](repeating: 5, count: 32))
}

/// A canonical Huffman code as a table over the next bits of the input.
struct HuffmanCode {
  static let longest = 15

  /// For every value of the next `width` bits: length of the code (0 for none) below, symbol above 4 bits.
  private let table: [UInt16]
  private let mask: UInt64

  /// - Parameter lengths: code length of each symbol, 0 for symbols that do not occur. A code must be
  ///   complete; only that of a single symbol may leave the other half unused, or that of none all.
  init(_ lengths: [UInt8]) throws(InflateError) {
    var room = 1 << Self.longest
    for length in lengths where length > 0 { room -= 1 << (Self.longest - Int(length)) }
    let used = lengths.count { $0 > 0 }
    let isSingle = used == 0 || used == 1 && lengths.contains(1)
    guard room == 0 || room > 0 && isSingle else {
      throw InflateError(message: "malformed code in the compressed data")
    }
    self.init(valid: lengths)
  }

  fileprivate init(valid lengths: [UInt8]) {
    let width = Int(lengths.max() ?? 0)
    var table = [UInt16](repeating: 0, count: 1 << width)
    var code = 0
    for length in 1..<width + 1 {
      for (symbol, symbolLength) in lengths.enumerated() where Int(symbolLength) == length {
        // Codes are sent with their first bit first, so the table is indexed by the code in reverse.
        let reversed = Self.reverse(code, length)
        for index in stride(from: reversed, to: table.count, by: 1 << length) {
          table[index] = UInt16(symbol << 4 | length)
        }
        code += 1
      }
      code <<= 1
    }
    self.table = table
    mask = UInt64(table.count - 1)
  }

  @inline(__always)
  fileprivate func entry(_ bits: UInt64) -> (symbol: Int, length: Int) {
    let entry = table[Int(bits & mask)]
    return (Int(entry >> 4), Int(entry & 15))
  }

  private static func reverse(_ code: Int, _ length: Int) -> Int {
    var result = 0
    for bit in 0..<length where code >> bit & 1 == 1 { result |= 1 << (length - 1 - bit) }
    return result
  }
}
