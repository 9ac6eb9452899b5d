/// Sixteen-bit floating point in generated code: C11 has no such types. They are stored as their bits; kernels compute
/// with them in single precision.
enum HalfPrecision {
  static let helpers = [
    CHelper(
      "half_to_float",
      """
      // IEEE 754 binary16 to single precision; exact.
      HELPER float half_to_float(uint16_t half) {
        union { uint32_t bits; float value; } both = {(uint32_t)(half & 0x7fff) << 13};
        both.value *= 5.192296858534828e+33f;  // 2^112, the difference of the biases
        if (both.bits >= 0x47800000) both.bits |= 0x7f800000;
        both.bits |= (uint32_t)(half & 0x8000) << 16;
        return both.value;
      }
      """),
    CHelper(
      "float_to_half",
      """
      // The nearest half, ties to even.
      HELPER uint16_t float_to_half(float x) {
        union { float value; uint32_t bits; } both = {x};
        uint32_t sign = both.bits >> 16 & 0x8000;
        both.bits &= 0x7fffffff;
        if (both.bits > 0x7f800000) return (uint16_t)(sign | 0x7e00);
        if (both.bits >= 0x47800000) return (uint16_t)(sign | 0x7c00);
        if (both.bits < 0x38800000) {
          both.value += 0.5f;  // rounds to a multiple of 2^-24, the least half
          return (uint16_t)(sign | (both.bits - 0x3f000000));
        }
        both.bits += 0xc8000fff + (both.bits >> 13 & 1);
        return (uint16_t)(sign | both.bits >> 13);
      }
      """),
    CHelper(
      "bfloat_to_float",
      """
      // The upper half of a number in single precision; exact.
      HELPER float bfloat_to_float(uint16_t half) {
        union { uint32_t bits; float value; } both = {(uint32_t)half << 16};
        return both.value;
      }
      """),
    CHelper(
      "float_to_bfloat",
      """
      // The nearest upper half, ties to even.
      HELPER uint16_t float_to_bfloat(float x) {
        union { float value; uint32_t bits; } both = {x};
        if (x != x) return (uint16_t)((both.bits >> 16 & 0x8000) | 0x7fc0);
        return (uint16_t)((both.bits + 0x7fff + (both.bits >> 16 & 1)) >> 16);
      }
      """),
  ]
}

extension ElementType {
  /// The functions between the bits in memory and the number that is computed with; nil where both are the same.
  var halfConversions: (load: String, store: String)? {
    switch self {
    case .f16: ("half_to_float", "float_to_half")
    case .bf16: ("bfloat_to_float", "float_to_bfloat")
    case .f32, .f64, .i8, .i16, .i32, .i64, .u8, .u16, .u32, .u64, .bool: nil
    }
  }

  /// The C type of a local with a number of the type.
  var localName: String { halfConversions == nil ? cName : "float" }
}
