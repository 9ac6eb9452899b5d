extension MathTemplate {
  /// Comparisons, and the ways between memory and vectors.
  static let laneMemory = [
    MathTemplate("max", "$static $F $max($F a, $F b) { return $select(b > a, b, a); }"),
    MathTemplate("min", "$static $F $min($F a, $F b) { return $select(b < a, b, a); }"),
    MathTemplate(
      "load", scalar: "",
      vector: """
        $static $F $load(const float *p) {
          typedef float unaligned __attribute__((vector_size(4 * $LANES), aligned(4), may_alias));
          return *(const unaligned *)p;
        }
        """),
    MathTemplate(
      "store", scalar: "",
      vector: """
        $static void $store(float *p, $F x) {
          typedef float unaligned __attribute__((vector_size(4 * $LANES), aligned(4), may_alias));
          *(unaligned *)p = x;
        }
        """),
    MathTemplate(
      "load_part", scalar: "",
      vector: """
        // The first lanes from memory, 0 in the others.
        $static $F $load_part(const float *p, int count) {
          $F x = {0};
          for (int k = 0; k < count; k++) x[k] = p[k];
          return x;
        }
        """),
    MathTemplate(
      "store_part", scalar: "",
      vector: """
        $static void $store_part(float *p, $F x, int count) {
          for (int k = 0; k < count; k++) p[k] = x[k];
        }
        """),
    MathTemplate(
      "load_inside", scalar: "",
      vector: """
        // row[start], row[start + 1], …; `outside` for what is not in the row.
        $static $F $load_inside(const float *row, int start, int extent, float outside) {
          if (start >= 0 && start + $LANES <= extent) return $load(row + start);
          $F x = $splat(outside);
          for (int k = 0; k < $LANES; k++) {
            if (start + k >= 0 && start + k < extent) x[k] = row[start + k];
          }
          return x;
        }
        """),
    MathTemplate(
      "load_strided", scalar: "",
      vector: """
        $static $F $load_strided(const float *p, int stride, int count) {
          $F x = {0};
          for (int k = 0; k < count; k++) x[k] = p[k * stride];
          return x;
        }
        """),
    MathTemplate(
      "store_strided", scalar: "",
      vector: """
        $static void $store_strided(float *p, int stride, $F x, int count) {
          for (int k = 0; k < count; k++) p[k * stride] = x[k];
        }
        """),
  ]
}

/// The helpers that kernels need, as C text that defines `HELPER` functions and the types `f32x16` and
/// `i32x16`.
package func cHelpers(_ needs: CNeeds) -> String {
  var parts: [String] = []
  if !needs.helpers.isEmpty { parts.append(CHelper.source(needs.helpers)) }
  for lanes in needs.templates.keys.sorted() {
    let shape = LaneShape(prefix: "", lanes: lanes, qualifiers: "HELPER")
    let templates = MathTemplate.closure(of: needs.templates[lanes, default: []])
    let typedefs = shape.typedefs(usedIn: templates.map { $0.text(for: shape) }.joined())
    parts += [typedefs] + templates.map { $0.instantiate(for: shape) }
  }
  return parts.map { $0.trimmingNewlines }.filter { !$0.isEmpty }.joined(separator: "\n\n")
}

extension String {
  /// The text without line ends behind it.
  fileprivate var trimmingNewlines: String {
    String(self[..<(lastIndex { $0 != "\n" }.map(index(after:)) ?? startIndex)])
  }
}
