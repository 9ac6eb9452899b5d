import LoopIR

/// The parameter block as bytes: a header of 64 bytes, then every parameter in the layout that its kernel wants, each at
/// a multiple of 64 bytes. All numbers are little-endian.
///
///     offset  bytes
///          0      8  "graphc1\0"
///          8      8  layout hash: names, types, layouts and offsets; the generated code knows it
///         16      8  checksum of everything behind the header
///         24      8  bytes in all
package struct WeightsBlob: Sendable {
  package let bytes: [UInt8]
  package let layoutHash: UInt64

  package static let magic: [UInt8] = Array("graphc1".utf8) + [0]

  package init(_ program: Program) {
    let parameters = program.buffers.filter { $0.role == .parameter }
    let total = max(SourceBundle.headerByteCount, program.parameterByteCount)
    var block = [UInt8](repeating: 0, count: total)
    for buffer in parameters { Self.write(buffer, into: &block) }
    var hash = WordHash()
    for buffer in parameters {
      hash.add("\(buffer.name) \(buffer.type) \(buffer.layout) \(buffer.offset ?? 0)\n")
    }
    layoutHash = hash.value
    let checksum = Self.checksum(block[SourceBundle.headerByteCount...])
    block.replaceSubrange(0..<8, with: Self.magic)
    for (place, word) in [layoutHash, checksum, UInt64(total)].enumerated() {
      withUnsafeBytes(of: word.littleEndian) { block.replaceSubrange(8 + 8 * place..<16 + 8 * place, with: $0) }
    }
    bytes = block
  }

  /// FNV-1a over 64-bit words, as the generated `…_check` computes it.
  static func checksum(_ body: ArraySlice<UInt8>) -> UInt64 {
    body.withUnsafeBytes { raw in
      var value = WordHash.start
      for place in 0..<raw.count / 8 {
        let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: place * 8, as: UInt64.self))
        value = (value ^ word) &* WordHash.prime
      }
      return value
    }
  }

  private static func write(_ buffer: Buffer, into block: inout [UInt8]) {
    guard let offset = buffer.offset, let source = buffer.source else { return }
    let data = source.data(buffer.name, buffer.sourceType)
    let places = PackingOrder(layout: buffer.layout, shape: buffer.type.shape)
    block.withUnsafeMutableBytes { raw in
      let base = UnsafeMutableRawBufferPointer(rebasing: raw[offset..<offset + buffer.byteCount])
      switch data.storage {
      case .f32(let values): places.scatter(values, to: base.bindMemory(to: Float.self))
      case .f64(let values): places.scatter(values, to: base.bindMemory(to: Double.self))
      case .integers(let values): store(values, buffer.type.element, places, base)
      }
    }
  }

  private static func store(
    _ values: [Int64], _ element: ElementType, _ places: PackingOrder, _ base: UnsafeMutableRawBufferPointer
  ) {
    switch element.byteCount {
    case 1: places.scatter(values.map { UInt8(truncatingIfNeeded: $0) }, to: base.bindMemory(to: UInt8.self))
    case 2: places.scatter(values.map { UInt16(truncatingIfNeeded: $0) }, to: base.bindMemory(to: UInt16.self))
    case 4: places.scatter(values.map { UInt32(truncatingIfNeeded: $0) }, to: base.bindMemory(to: UInt32.self))
    default: places.scatter(values, to: base.bindMemory(to: Int64.self))
    }
  }
}

/// FNV-1a, on 64-bit words and on text.
struct WordHash {
  static let start: UInt64 = 0xcbf2_9ce4_8422_2325
  static let prime: UInt64 = 0x0000_0100_0000_01b3

  var value = WordHash.start

  mutating func add(_ text: String) {
    for byte in text.utf8 { value = (value ^ UInt64(byte)) &* Self.prime }
  }
}

/// Where each element of a tensor, in row-major order, goes under a layout.
///
/// Every logical dimension adds to the offset by itself, so that one table a dimension says it all.
struct PackingOrder {
  let isIdentity: Bool
  private let tables: [[Int]]

  init(layout: Layout, shape: [Int]) {
    isIdentity = layout.isPlain
    tables = shape.indices.map { dimension in
      (0..<shape[dimension]).map { place in
        let indices = shape.indices.map { Index.constant($0 == dimension ? place : 0) }
        guard case .constant(let offset) = layout.offset(of: indices, shape: shape) else { return 0 }
        return offset
      }
    }
  }

  func scatter<T>(_ values: [T], to target: UnsafeMutableBufferPointer<T>) {
    if isIdentity {
      for place in values.indices { target[place] = values[place] }
      return
    }
    values.withUnsafeBufferPointer { values in
      var source = 0
      scatter(values, target, dimension: 0, offset: 0, &source)
    }
  }

  private func scatter<T>(
    _ values: UnsafeBufferPointer<T>, _ target: UnsafeMutableBufferPointer<T>, dimension: Int, offset: Int,
    _ source: inout Int
  ) {
    if dimension == tables.count {
      target[offset] = values[source]
      source += 1
    } else if dimension == tables.count - 1 {
      for step in tables[dimension] {
        target[offset + step] = values[source]
        source += 1
      }
    } else {
      for step in tables[dimension] {
        scatter(values, target, dimension: dimension + 1, offset: offset + step, &source)
      }
    }
  }
}
