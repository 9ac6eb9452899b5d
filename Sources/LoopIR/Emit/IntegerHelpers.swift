/// Small functions on whole numbers that generated kernels call, in the order in which they are printed.
enum IntegerHelpers {
  static let all: [(name: String, text: String)] = [
    ("inside", "HELPER int inside(int i, int extent) { return i >= 0 && i < extent; }"),
    ("min_index", "HELPER int min_index(int a, int b) { return a < b ? a : b; }"),
    ("max_index", "HELPER int max_index(int a, int b) { return a > b ? a : b; }"),
    (
      "floor_quotient",
      "HELPER int floor_quotient(int a, int b) { return a >= 0 ? a / b : -((b - 1 - a) / b); }"
    ),
    (
      "floor_remainder",
      "HELPER int floor_remainder(int a, int b) { int r = a % b; return r < 0 ? r + b : r; }"
    ),
    (
      "floor_remainder_64",
      """
      HELPER int64_t floor_remainder_64(int64_t a, int64_t b) {
        int64_t r = b == 0 || b == -1 ? 0 : a % b;
        return r != 0 && (r < 0) != (b < 0) ? r + b : r;
      }
      """
    ),
    (
      "to_index",
      """
      // The whole part of a number; far outside of every tensor where that is no int.
      HELPER int to_index(double x) {
        if (x >= -1073741824.0 && x <= 1073741824.0) return (int)x;
        return x > 0.0 ? 1073741824 : -1073741824;
      }
      """
    ),
    (
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
  ]

  /// The text of the named helpers.
  static func source(_ names: Set<String>) -> String {
    (all + IntegerArithmetic.helpers).filter { names.contains($0.name) }.map(\.text).joined(separator: "\n")
  }
}
