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
  ]
}
