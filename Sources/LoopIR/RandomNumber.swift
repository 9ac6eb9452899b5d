/// Random numbers by counting: Philox-2x32-10 (Salmon, Moraes, Dror & Shaw 2011). A number depends on its stream and
/// its place alone, so that any part of a stream can be had in any order, on every machine the same.
package enum RandomNumber {
  /// A number in [0, 1) with 24 bits.
  package static func at(_ place: Int64, stream: Int64) -> Double {
    let (counter, key) = (UInt64(bitPattern: place), UInt64(bitPattern: stream))
    let words = block(
      (UInt32(truncatingIfNeeded: counter), UInt32(truncatingIfNeeded: counter >> 32)),
      key: UInt32(truncatingIfNeeded: key ^ key >> 32))
    return Double(words.0 >> 8) * 0x1p-24
  }

  /// Two words of random bits.
  package static func block(_ counter: (UInt32, UInt32), key: UInt32) -> (UInt32, UInt32) {
    var ((a, b), key) = (counter, key)
    for _ in 0..<10 {
      let product = UInt64(a) &* 0xD256_D193
      a = UInt32(truncatingIfNeeded: product >> 32) ^ key ^ b
      b = UInt32(truncatingIfNeeded: product)
      key &+= 0x9E37_79B9
    }
    return (a, b)
  }

  /// The same in C.
  static let cSource = """
    // A random number in [0, 1): Philox-2x32-10, with the place as counter and the stream as key.
    HELPER float random_number(int64_t stream, int64_t place) {
      uint32_t a = (uint32_t)place, b = (uint32_t)((uint64_t)place >> 32);
      uint32_t key = (uint32_t)((uint64_t)stream ^ (uint64_t)stream >> 32);
      for (int round = 0; round < 10; round++) {
        uint64_t product = (uint64_t)a * 0xD256D193u;
        a = (uint32_t)(product >> 32) ^ key ^ b;
        b = (uint32_t)product;
        key += 0x9E3779B9u;
      }
      return (float)(a >> 8) * 0x1p-24f;
    }
    """
}
