/// Sixteen-bit floating point by hand, because `Float16` does not exist on every platform.
package enum HalfPrecision {
  /// IEEE 754 binary16 to single precision; exact.
  static func float(fromHalf bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10) & 0x1F
    let mantissa = UInt32(bits & 0x3FF)
    switch exponent {
    case 0:
      let magnitude = Float(mantissa) * 0x1p-24
      return Float(bitPattern: magnitude.bitPattern | sign)
    case 0x1F: return Float(bitPattern: sign | 0x7F80_0000 | mantissa << 13)
    default: return Float(bitPattern: sign | (exponent + 112) << 23 | mantissa << 13)
    }
  }

  /// bfloat16 (the upper half of a single precision number) to single precision; exact.
  static func float(fromBrain bits: UInt16) -> Float {
    Float(bitPattern: UInt32(bits) << 16)
  }

  /// The nearest number of sixteen bits, ties to even.
  package static func half(from value: Double) -> UInt16 {
    round(value, mantissaBits: 10, leastExponent: -14, infinity: 0x7C00)
  }

  static func brain(from value: Double) -> UInt16 {
    round(value, mantissaBits: 7, leastExponent: -126, infinity: 0x7F80)
  }

  /// Nearest sixteen-bit number, ties to even. The value is divided by the spacing of the format around it
  /// (exact, a power of two) and rounded to an integer, whose carry moves into the exponent by itself.
  private static func round(
    _ value: Double, mantissaBits: Int, leastExponent: Int, infinity: UInt16
  ) -> UInt16 {
    let sign: UInt16 = value.sign == .minus ? 0x8000 : 0
    if value.isNaN { return sign | infinity | 1 << UInt16(mantissaBits - 1) }
    if value.isInfinite { return sign | infinity }
    if value.isZero || value.isSubnormal { return sign }
    let exponent = max(Int(value.exponent), leastExponent)
    if exponent > 127 { return sign | infinity }
    let steps = (value.magnitude * Double(sign: .plus, exponent: mantissaBits - exponent, significand: 1))
      .rounded(.toNearestOrEven)
    let bits = (exponent - leastExponent) << mantissaBits + Int(steps)
    return sign | UInt16(min(bits, Int(infinity)))
  }
}
