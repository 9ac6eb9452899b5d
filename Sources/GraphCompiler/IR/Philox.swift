/// Random bits by counting: Philox-4x32-10 (Salmon, Moraes, Dror & Shaw 2011). The block of a counter does
/// not depend on the blocks before it, so any part of a stream can be had at once, on every machine the same.
package struct Philox: Sendable {
  private let key: SIMD2<UInt32>

  package init(key: SIMD2<UInt32>) { self.key = key }

  package init(seed: UInt64) {
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
  }

  /// The four words of several blocks, each word in the lower half of its lane: what a vector multiplies.
  package struct Blocks {
    package var a, b, c, d: SIMD8<UInt64>
  }

  /// The blocks of eight counters: the given one, and those of the next seven values of its first word.
  @inline(__always)
  package func blocks(_ counter: SIMD4<UInt32>) -> Blocks {
    typealias Lanes = SIMD8<UInt64>
    let low = Lanes(repeating: 0xFFFF_FFFF)
    var a = (Lanes(0, 1, 2, 3, 4, 5, 6, 7) &+ UInt64(counter[0])) & low
    var b = Lanes(repeating: UInt64(counter[1]))
    var c = Lanes(repeating: UInt64(counter[2]))
    var d = Lanes(repeating: UInt64(counter[3]))
    var (k0, k1) = (key[0], key[1])
    for _ in 0..<10 {
      // Only lower halves are multiplied; what stands in the upper ones is left there until the end.
      let left = (a & low) &* 0xD251_1F53
      let right = (c & low) &* 0xCD9E_8D57
      a = (right &>> 32) ^ (b ^ UInt64(k0))
      b = right
      c = (left &>> 32) ^ (d ^ UInt64(k1))
      d = left
      k0 = k0 &+ 0x9E37_79B9
      k1 = k1 &+ 0xBB67_AE85
    }
    return Blocks(a: a & low, b: b & low, c: c & low, d: d & low)
  }
}

/// The random numbers of one parameter: a stream that its name selects, so that parameters do not depend on
/// each other.
package struct RandomStream: Sendable {
  private let generator: Philox
  private let stream: SIMD2<UInt32>

  package init(seed: UInt64 = 0, name: String) {
    generator = Philox(seed: seed)
    let hash = Self.hash(name)
    stream = SIMD2(UInt32(truncatingIfNeeded: hash), UInt32(truncatingIfNeeded: hash >> 32))
  }

  /// FNV-1a with 64 bits (Fowler, Noll & Vo) of the name in UTF-8.
  package static func hash(_ name: String) -> UInt64 {
    name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  /// Blocks `8 * place ..< 8 * place + 8` of the stream.
  @inline(__always)
  func blocks(_ place: Int) -> Philox.Blocks {
    let first = UInt64(truncatingIfNeeded: place) &* 8
    let (low, high) = (UInt32(truncatingIfNeeded: first), UInt32(truncatingIfNeeded: first >> 32))
    return generator.blocks(SIMD4(low, high, stream[0], stream[1]))
  }

  /// The four words of one block, for those who want few.
  package func words(_ place: Int) -> SIMD4<UInt32> {
    let (blocks, lane) = (blocks(place / 8), place % 8)
    let words = SIMD4(blocks.a[lane], blocks.b[lane], blocks.c[lane], blocks.d[lane])
    return SIMD4(truncatingIfNeeded: words)
  }
}
