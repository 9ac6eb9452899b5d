/// Random bits by counting: Philox-4x32-10 (Salmon, Moraes, Dror & Shaw 2011). The block of a counter does
/// not depend on the blocks before it, so any part of a stream can be had at once, on every machine the same.
package struct Philox: Sendable {
  private let key: SIMD2<UInt32>

  package init(key: SIMD2<UInt32>) { self.key = key }

  package init(seed: UInt64) {
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
  }

  /// Four words of random bits.
  package func block(_ counter: SIMD4<UInt32>) -> SIMD4<UInt32> {
    var (a, b, c, d) = (counter[0], counter[1], counter[2], counter[3])
    var (k0, k1) = (key[0], key[1])
    for _ in 0..<10 {
      let left = UInt64(a) &* 0xD251_1F53
      let right = UInt64(c) &* 0xCD9E_8D57
      a = UInt32(truncatingIfNeeded: right >> 32) ^ b ^ k0
      b = UInt32(truncatingIfNeeded: right)
      c = UInt32(truncatingIfNeeded: left >> 32) ^ d ^ k1
      d = UInt32(truncatingIfNeeded: left)
      k0 = k0 &+ 0x9E37_79B9
      k1 = k1 &+ 0xBB67_AE85
    }
    return SIMD4(a, b, c, d)
  }
}

/// The random numbers of one parameter: a stream that its name selects, so that parameters do not depend on
/// each other.
package struct RandomStream: Sendable {
  private let generator: Philox
  private let stream: SIMD2<UInt32>

  package init(seed: UInt64, name: String) {
    generator = Philox(seed: seed)
    let hash = Self.hash(name)
    stream = SIMD2(UInt32(truncatingIfNeeded: hash), UInt32(truncatingIfNeeded: hash >> 32))
  }

  /// FNV-1a with 64 bits (Fowler, Noll & Vo) of the name in UTF-8.
  package static func hash(_ name: String) -> UInt64 {
    name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  /// Words `4 * place ..< 4 * place + 4` of the stream.
  package func words(_ place: Int) -> SIMD4<UInt32> {
    let (low, high) = (UInt32(truncatingIfNeeded: place), UInt32(truncatingIfNeeded: place >> 32))
    return generator.block(SIMD4(low, high, stream[0], stream[1]))
  }
}
