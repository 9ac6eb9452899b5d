/// Bytes that are not a protocol buffer message.
struct WireError: Error {
  var message: String
  /// Offset into the file.
  var offset: Int
}

/// Reads the fields of one protocol buffer message: varints and lengths, nothing more
/// (https://protobuf.dev/programming-guides/encoding).
///
/// Positions are offsets into the whole file, so that a tensor can be left where it is.
struct WireReader {
  enum Payload {
    case varint(UInt64)
    case fixed64(UInt64)
    case fixed32(UInt32)
    /// A string, bytes, a message or packed numbers.
    case bytes(Range<Int>)
  }

  struct Field {
    var number: Int
    var payload: Payload
    var offset: Int
  }

  private let bytes: UnsafeRawBufferPointer
  private(set) var position: Int
  private let end: Int

  init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  var isAtEnd: Bool { position >= end }

  /// The next field; nil at the end of the message.
  mutating func next() throws(WireError) -> Field? {
    guard position < end else { return nil }
    let start = position
    let key = try varint()
    let (number, kind) = (key >> 3, key & 7)
    guard number >= 1, number < 1 << 29 else { throw WireError(message: "a field has no number", offset: start) }
    return Field(number: Int(number), payload: try payload(kind, start), offset: start)
  }

  private mutating func payload(_ kind: UInt64, _ start: Int) throws(WireError) -> Payload {
    switch kind {
    case 0: return .varint(try varint())
    case 1: return .fixed64(try fixed(UInt64.self))
    case 5: return .fixed32(try fixed(UInt32.self))
    case 2:
      let length = try varint()
      guard length <= UInt64(end - position) else {
        throw WireError(message: "a field of \(length) bytes ends behind its message", offset: start)
      }
      let range = position..<position + Int(length)
      position = range.upperBound
      return .bytes(range)
    default: throw WireError(message: "a field has the unknown wire type \(kind)", offset: start)
    }
  }

  /// An unsigned number of up to 64 bits, seven bits a byte, lowest first.
  mutating func varint() throws(WireError) -> UInt64 {
    let start = position
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard position < end else { throw WireError(message: "the bytes end within a number", offset: start) }
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw WireError(message: "a number has more than ten bytes", offset: start)
  }

  mutating func fixed<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type) throws(WireError) -> Number {
    let size = MemoryLayout<Number>.size
    guard end - position >= size else {
      throw WireError(message: "the bytes end within a number", offset: position)
    }
    defer { position += size }
    return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: Number.self))
  }
}

/// What the fields of a message hold, of the type that its declaration asks for.
extension WireReader.Field {
  private func mismatch(_ expected: String) -> WireError {
    WireError(message: "field \(number) is not \(expected)", offset: offset)
  }

  func int() throws(WireError) -> Int {
    guard case .varint(let value) = payload else { throw mismatch("an integer") }
    return Int(Int64(bitPattern: value))
  }

  func float() throws(WireError) -> Float {
    guard case .fixed32(let bits) = payload else { throw mismatch("a float") }
    return Float(bitPattern: bits)
  }

  func range() throws(WireError) -> Range<Int> {
    guard case .bytes(let range) = payload else { throw mismatch("a string or a message") }
    return range
  }

  /// Broken UTF-8 is repaired.
  func string(_ bytes: UnsafeRawBufferPointer) throws(WireError) -> String {
    String(decoding: bytes[try range()], as: UTF8.self)
  }

  /// Appends the number, or all of a packed list.
  func appendInts(to list: inout [Int64], _ bytes: UnsafeRawBufferPointer) throws(WireError) {
    if case .varint(let value) = payload { return list.append(Int64(bitPattern: value)) }
    guard case .bytes(let range) = payload else { throw mismatch("a list of integers") }
    var reader = WireReader(bytes, range)
    while !reader.isAtEnd { list.append(Int64(bitPattern: try reader.varint())) }
  }

  func appendFloats(to list: inout [Float], _ bytes: UnsafeRawBufferPointer) throws(WireError) {
    if case .fixed32(let bits) = payload { return list.append(Float(bitPattern: bits)) }
    guard case .bytes(let range) = payload else { throw mismatch("a list of floats") }
    var reader = WireReader(bytes, range)
    while !reader.isAtEnd { list.append(Float(bitPattern: try reader.fixed(UInt32.self))) }
  }

  func appendDoubles(to list: inout [Double], _ bytes: UnsafeRawBufferPointer) throws(WireError) {
    if case .fixed64(let bits) = payload { return list.append(Double(bitPattern: bits)) }
    guard case .bytes(let range) = payload else { throw mismatch("a list of doubles") }
    var reader = WireReader(bytes, range)
    while !reader.isAtEnd { list.append(Double(bitPattern: try reader.fixed(UInt64.self))) }
  }
}
