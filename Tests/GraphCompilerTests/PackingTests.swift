import LoopIR
import Testing

@testable import GraphCompiler

/// The bytes of parameters against the definition of layouts.
@Suite struct PackingTests {
  static let layouts: [(Layout, [Int])] = [
    (.plain(rank: 0), []),
    (.plain(rank: 1), [7]),
    (.plain(rank: 3), [3, 1, 5]),
    (.blocked(rank: 2, dimension: 0, by: 16), [40, 3]),
    (.blocked(rank: 2, dimension: 0, by: 16), [48, 130]),
    (.blocked(rank: 4, dimension: 0, by: 4), [8, 3, 2, 2]),
    (.blocked(rank: 4, dimension: 0, by: 8), [5, 3, 1, 1]),
    (.blocked(rank: 3, dimension: 2, by: 4), [1, 3, 10]),
    (.blocked(rank: 4, dimension: 1, by: 4), [2, 6, 3, 2]),
    (Layout(order: [.whole(1), .whole(0)]), [4, 6]),
    (Layout(order: [.within(0, of: 2), .blocks(0, of: 2), .whole(1)]), [5, 3]),
    (Layout(order: [.whole(1), .blocks(0, of: 4), .within(0, of: 4)]), [6, 2]),
    (Layout(order: [.whole(0), .whole(1)], halos: [.init(before: 1, after: 2), .init(before: 2, after: 0)]), [3, 4]),
    (
      Layout(
        order: [.blocks(0, of: 4), .whole(1), .within(0, of: 4)],
        halos: [.init(before: 3, after: 1), .init(before: 0, after: 1)]), [6, 5]
    ),
  ]

  /// Places from `Layout.offset`, one element at a time; 0 where there is none.
  static func expected(_ layout: Layout, _ shape: [Int]) -> [UInt16] {
    var target = [UInt16](repeating: 0, count: layout.elementCount(shape: shape))
    for place in 0..<shape.reduce(1, *) {
      var rest = place
      var position = shape
      for dimension in shape.indices.reversed() {
        position[dimension] = rest % shape[dimension]
        rest /= shape[dimension]
      }
      guard case .constant(let offset) = layout.offset(of: position.map { .constant($0) }, shape: shape)
      else { continue }
      target[offset] = UInt16(place + 1)
    }
    return target
  }

  @Test(arguments: layouts)
  func everyElementGoesToItsPlace(layout: Layout, shape: [Int]) {
    let order = PackingOrder(layout: layout, shape: shape)
    let expected = Self.expected(layout, shape)
    #expect(order.sliceCount * order.sliceLength == expected.count)
    for most in [1, 2, 1000] {
      var target = [UInt16](repeating: 0, count: expected.count)
      for start in stride(from: 0, to: order.sliceCount, by: most) {
        let slices = start..<min(order.sliceCount, start + most)
        let source = order.sourceRange(of: slices).map { UInt16($0 + 1) }
        let part = slices.lowerBound * order.sliceLength..<slices.upperBound * order.sliceLength
        source.withUnsafeBytes { source in
          target[part].withUnsafeMutableBytes { order.pack(slices, of: 2, from: source, into: $0) }
        }
      }
      #expect(target == expected)
    }
    #expect(order.isDense || expected.contains(0))
  }

  @Test(arguments: [1, 2, 4, 8])
  func elementsOfEverySize(size: Int) {
    let order = PackingOrder(layout: .blocked(rank: 2, dimension: 0, by: 8), shape: [11, 5])
    // One byte off, so that nothing is aligned.
    let source = (0..<55 * size + 1).map { UInt8(truncatingIfNeeded: $0) }
    var target = [UInt8](repeating: 0, count: 2 * 5 * 8 * size)
    source.withUnsafeBytes { source in
      target.withUnsafeMutableBytes { target in
        order.pack(0..<2, of: size, from: UnsafeRawBufferPointer(rebasing: source[1...]), into: target)
      }
    }
    for row in 0..<11 {
      for column in 0..<5 {
        let (from, to) = ((row * 5 + column) * size, ((row / 8 * 5 + column) * 8 + row % 8) * size)
        #expect(Array(target[to..<to + size]) == Array(source[from + 1..<from + 1 + size]))
      }
    }
  }

  /// Bytes that arrive in parts; each must arrive once.
  final class Parts: @unchecked Sendable {
    private(set) var bytes: [UInt8]
    private var isThere: [Bool]

    init(_ count: Int) {
      bytes = Array(repeating: 0xEE, count: count)
      isThere = Array(repeating: false, count: count)
    }

    func add(_ part: UnsafeRawBufferPointer, at offset: Int) {
      for (place, byte) in part.enumerated() {
        #expect(!isThere[offset + place])
        isThere[offset + place] = true
        bytes[offset + place] = byte
      }
    }
  }

  @Test func theBlockIsTheSameInParts() throws {
    var program = Program(name: "p")
    for (name, shape) in [("a", [110, 40]), ("b", [3]), ("c", [64, 33, 3, 3])] {
      let type = TensorType(.f32, shape)
      let layout = shape.count > 1 ? Layout.blocked(rank: shape.count, dimension: 0, by: 32) : .plain(rank: 1)
      program.buffers.append(
        Buffer(name: name, type: type, layout: layout, role: .parameter, source: .initializer(.heNormal)))
    }
    program = planArena(program)
    let blob = WeightsBlob(program)
    let bytes = blob.bytes
    #expect(bytes.count == program.parameterByteCount)
    for length in [1, 1000, 30_000] {
      let parts = Parts(bytes.count)
      blob.write(partLength: length) { parts.add($0, at: $1) }
      let isSame = parts.bytes == bytes
      #expect(isSame)
    }
    var hash = WordHash()
    bytes[64...].withUnsafeBytes { hash.add($0) }
    #expect(Array(bytes[16..<24]) == withUnsafeBytes(of: hash.value.littleEndian) { Array($0) })
    for buffer in program.buffers {
      let values = Initializer.heNormal.sample(buffer.type, name: buffer.name).doubles
      let packed = buffer.layout.pack(TensorValues(shape: buffer.type.shape, values: values))
      let start = try #require(buffer.offset)
      let same = bytes.withUnsafeBytes { raw in
        packed.indices.allSatisfy {
          Double(raw.loadUnaligned(fromByteOffset: start + 4 * $0, as: Float.self)) == packed[$0]
        }
      }
      #expect(same)
    }
  }

  @Test func anErrorEndsTheWriting() throws {
    struct Full: Error {}
    var program = Program(name: "p")
    program.buffers = [
      Buffer(
        name: "a", type: TensorType(.f32, [9_000]), layout: .plain(rank: 1), role: .parameter,
        source: .initializer(.zeros))
    ]
    let blob = WeightsBlob(planArena(program))
    #expect(throws: Full.self) {
      try blob.write(partLength: 5000) { (_, offset) throws(Full) in if offset > 10_000 { throw Full() } }
    }
  }
}
