/// Writes the fields of one protocol buffer message: the counterpart of `WireReader`.
struct WireWriter {
  private(set) var bytes: [UInt8] = []

  mutating func int(_ number: Int, _ value: Int) {
    key(number, 0)
    varint(UInt64(bitPattern: Int64(value)))
  }

  mutating func float(_ number: Int, _ value: Double) {
    key(number, 5)
    fixed32(value)
  }

  mutating func string(_ number: Int, _ value: String) {
    let utf8 = Array(value.utf8)
    length(number, utf8.count)
    bytes += utf8
  }

  mutating func message(_ number: Int, _ message: WireWriter) {
    length(number, message.bytes.count)
    bytes += message.bytes
  }

  mutating func message(_ number: Int, _ body: (inout WireWriter) -> Void) {
    var inner = WireWriter()
    body(&inner)
    message(number, inner)
  }

  /// Packed.
  mutating func ints(_ number: Int, _ values: [Int]) {
    var inner = WireWriter()
    for value in values { inner.varint(UInt64(bitPattern: Int64(value))) }
    message(number, inner)
  }

  /// Packed.
  mutating func floats(_ number: Int, _ values: [Double]) {
    length(number, 4 * values.count)
    for value in values { fixed32(value) }
  }

  /// Key and length of a field whose bytes follow.
  mutating func length(_ number: Int, _ count: Int) {
    key(number, 2)
    varint(UInt64(count))
  }

  /// What another writer wrote, as it is.
  mutating func append(_ other: WireWriter) { bytes += other.bytes }

  private mutating func key(_ number: Int, _ kind: Int) { varint(UInt64(number << 3 | kind)) }

  private mutating func fixed32(_ value: Double) {
    let bits = Float(value).bitPattern
    for shift in stride(from: UInt32(0), to: 32, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: bits >> shift))
    }
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
