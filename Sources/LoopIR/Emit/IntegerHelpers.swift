/// Small functions on whole numbers that generated kernels call, in the order in which they are printed.
enum IntegerHelpers {
  static let all: [CHelper] = [
    CHelper("inside", "HELPER int inside(int i, int extent) { return i >= 0 && i < extent; }"),
    CHelper("min_index", "HELPER int min_index(int a, int b) { return a < b ? a : b; }"),
    CHelper("max_index", "HELPER int max_index(int a, int b) { return a > b ? a : b; }"),
    CHelper(
      "floor_quotient",
      "HELPER int floor_quotient(int a, int b) { return a >= 0 ? a / b : -((b - 1 - a) / b); }"
    ),
    CHelper(
      "floor_remainder",
      "HELPER int floor_remainder(int a, int b) { int r = a % b; return r < 0 ? r + b : r; }"
    ),
    CHelper(
      "to_index",
      """
      // The whole part of a number; far outside of every tensor where that is no int.
      HELPER int to_index(double x) {
        if (x >= -1073741824.0 && x <= 1073741824.0) return (int)x;
        return x > 0.0 ? 1073741824 : -1073741824;
      }
      """
    ),
    CHelper(
      "to_integer",
      """
      // The whole part of a number, brought into a range; 0 for not-a-number.
      HELPER int64_t to_integer(double x, int64_t least, int64_t most) {
        if (x != x) return 0;
        if (x <= (double)least) return least;
        return x >= (double)most ? most : (int64_t)x;
      }
      """
    ),
    CHelper(
      "to_unsigned",
      """
      // The same for the widest type.
      HELPER uint64_t to_unsigned(double x) {
        if (!(x > 0.0)) return 0;
        return x >= 18446744073709551616.0 ? UINT64_MAX : (uint64_t)x;
      }
      """
    ),
    CHelper(
      "philox",
      """
      // The first word of Philox-4x32-10 (Salmon et al. 2011): a key of two words, a counter of four.
      HELPER uint32_t philox(uint32_t k0, uint32_t k1, uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
        for (int round = 0; round < 10; round++) {
          uint64_t left = (uint64_t)a * 0xD2511F53u, right = (uint64_t)c * 0xCD9E8D57u;
          a = (uint32_t)(right >> 32) ^ b ^ k0;
          b = (uint32_t)right;
          c = (uint32_t)(left >> 32) ^ d ^ k1;
          d = (uint32_t)left;
          k0 += 0x9E3779B9u;
          k1 += 0xBB67AE85u;
        }
        return a;
      }
      """
    ),
  ]
}
