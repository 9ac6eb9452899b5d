import LoopIR
import SourceText

/// The parameter block as bytes: a header of 64 bytes, then every parameter in the layout that its kernel wants, each at
/// a multiple of 64 bytes. All numbers are little-endian.
///
///     offset  bytes
///          0      8  "graphc1\0"
///          8      8  layout hash: names, types, layouts and offsets; the generated code knows it
///         16      8  checksum of everything behind the header
///         24      8  bytes in all
///
/// The bytes are made where they are asked for, some megabytes at a time (`write`): a block may be large.
package struct WeightsBlob: Sendable {
  package let layoutHash: UInt64
  package let byteCount: Int
  /// In the order of their offsets.
  let parameters: [PackedParameter]

  package static let magic: [UInt8] = Array("graphc1".utf8) + [0]

  package init(_ program: Program) {
    let buffers = program.buffers.filter { $0.role == .parameter }
    byteCount = max(SourceBundle.headerByteCount, program.parameterByteCount)
    var hash = WordHash()
    for buffer in buffers {
      hash.add("\(buffer.name) \(buffer.type) \(buffer.layout) \(buffer.offset ?? 0)\n")
    }
    layoutHash = hash.value
    parameters = buffers.compactMap(PackedParameter.init).sorted { $0.offset < $1.offset }
  }

  /// All bytes at once.
  package var bytes: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
      copy(to: UnsafeMutableRawBufferPointer(buffer))
      count = byteCount
    }
  }

  /// All bytes at once, into memory that has room for them.
  package func copy(to target: UnsafeMutableRawBufferPointer) {
    nonisolated(unsafe) let target = target
    write { bytes, offset in UnsafeMutableRawBufferPointer(rebasing: target[offset...]).copyMemory(from: bytes) }
  }

  /// Whether bytes begin like this block, but for the checksum: with parameters of the same network.
  package func isLike(_ block: [UInt8]) -> Bool {
    let header = header(checksum: 0)
    return block.count >= header.count && block[..<16] == header[..<16] && block[24..<32] == header[24..<32]
  }

  func header(checksum: UInt64) -> [UInt8] {
    let words = [layoutHash, checksum, UInt64(byteCount)].map(\.littleEndian)
    let used = Self.magic + words.withUnsafeBytes { Array($0) }
    return used + [UInt8](repeating: 0, count: SourceBundle.headerByteCount - used.count)
  }
}

/// FNV-1a, on 64-bit words and on text.
struct WordHash: Sendable {
  static let start: UInt64 = 0xcbf2_9ce4_8422_2325
  static let prime: UInt64 = 0x0000_0100_0000_01b3

  var value = WordHash.start

  mutating func add(_ text: String) {
    for byte in text.utf8 { value = (value ^ UInt64(byte)) &* Self.prime }
  }

  /// Whole words, as the generated `…_check` adds them.
  mutating func add(_ words: UnsafeRawBufferPointer) {
    var hash = value
    for place in 0..<words.count / 8 {
      let word = UInt64(littleEndian: words.loadUnaligned(fromByteOffset: place * 8, as: UInt64.self))
      hash = (hash ^ word) &* Self.prime
    }
    value = hash
  }
}

/// One parameter of the block.
struct PackedParameter: Sendable {
  let offset: Int
  let elements: ParameterElements
  let order: PackingOrder

  /// Nil for buffers without contents.
  init?(_ buffer: Buffer) {
    guard let offset = buffer.offset, let elements = buffer.elements else { return nil }
    self.offset = offset
    self.elements = elements
    order = PackingOrder(layout: buffer.layout, shape: buffer.type.shape)
  }

  private var elementByteCount: Int { elements.type.element.byteCount }
  var sliceByteCount: Int { order.sliceLength * elementByteCount }

  /// Writes some slices into memory that has room for just them.
  func pack(_ slices: Range<Int>, into target: UnsafeMutableRawBufferPointer) {
    if !order.isDense { target.initializeMemory(as: UInt8.self, repeating: 0) }
    elements.withBytes(of: order.sourceRange(of: slices)) { source in
      order.pack(slices, of: elementByteCount, from: source, into: target)
    }
  }
}
