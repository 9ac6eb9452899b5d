/// The first word of a block of Philox-4x32-10 (Salmon, Moraes, Dror & Shaw 2011): what `Scalar.random` means.
/// - Parameter words: two of the key, four of the counter.
package func randomWord(_ words: [UInt32]) -> UInt32 {
  var (k0, k1) = (words[0], words[1])
  var (a, b, c, d) = (words[2], words[3], words[4], words[5])
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
  return a
}
