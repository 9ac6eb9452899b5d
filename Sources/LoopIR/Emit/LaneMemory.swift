extension MathTemplate {
  /// Comparisons, and the ways between memory and vectors.
  static let laneMemory = [
    comparison("max", ">"), comparison("min", "<"),
    MathTemplate(
      "load", scalar: "",
      vector: """
        $static $F $load(const float *p) {
          typedef float unaligned __attribute__((vector_size(4 * $LANES), aligned(4), may_alias));
          return *(const unaligned *)p;
        }
        """),
    MathTemplate(
      "load_half", scalar: "", vector: halfLoads.everywhere, special: [8: halfLoads.avx2, 16: halfLoads.avx512]),
    MathTemplate(
      "load_half_part", scalar: "",
      vector: """
        // The first lanes from memory, 0 in the others.
        $static $F $load_half_part(const uint16_t *p, int count) {
          uint16_t halves[$LANES] = {0};
          for (int k = 0; k < count; k++) halves[k] = p[k];
          return $load_half(halves);
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

/// The larger or smaller of two numbers, the first one where they do not compare. AVX2 has an instruction that does just
/// that; compilers make up to four of the comparison.
private func comparison(_ name: String, _ sign: String) -> MathTemplate {
  let text = "$static $F $\(name)($F a, $F b) { return $select(b \(sign) a, b, a); }"
  let call = "__builtin_ia32_\(name)ps256(b, a)"
  let instruction = "$static $F $\(name)($F a, $F b) { return \(call); }  // b \(sign) a ? b : a"
  return MathTemplate(name, scalar: text, vector: text, special: [8: instruction])
}

/// IEEE 754 binary16 in memory to vectors in single precision, all of it exact.
private let halfLoads = (
  avx512: """
    // Halves to single precision; exact.
    $static $F $load_half(const uint16_t *p) {
      typedef short halves __attribute__((vector_size(32), aligned(2), may_alias));
      typedef short words __attribute__((vector_size(32)));
      return __builtin_ia32_vcvtph2ps512_mask((words)*(const halves *)(const void *)p, ($F){0}, (unsigned short)-1, 4);
    }
    """,
  avx2: """
    // Halves to single precision; exact.
    $static $F $load_half(const uint16_t *p) {
      typedef short halves __attribute__((vector_size(16), aligned(2), may_alias));
      typedef short words __attribute__((vector_size(16)));
      return __builtin_ia32_vcvtph2ps256((words)*(const halves *)(const void *)p);
    }
    """,
  everywhere: """
    // Halves to single precision; exact.
    $static $F $load_half(const uint16_t *p) {
    #if defined(__aarch64__)
      typedef __fp16 halves __attribute__((vector_size(2 * $LANES), aligned(2), may_alias));
      return __builtin_convertvector(*(const halves *)(const void *)p, $F);
    #else
      typedef int16_t halves __attribute__((vector_size(2 * $LANES), aligned(2), may_alias));
      $I bits = __builtin_convertvector(*(const halves *)(const void *)p, $I);
      $I magnitude = (bits & 0x7fff) << 13;
      $I finite = $bits($value(magnitude) * 5.192296858534828e+33f);  // 2^112, the difference of the biases
      $I special = (bits & 0x7c00) == 0x7c00;
      return $value(finite | (special & 0x7f800000) | (bits & INT32_MIN));
    #endif
    }
    """
)

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
