@testable import LoopIR

/// A C program that measures every mathematical function against the C library in double precision.
///
/// It prints a line for each function: its name, the greatest error in units in the last place, the argument
/// where it occurs, and how many results of vector and scalar differ in their bits. An infinity, a NaN or a
/// sign where another is right counts as an error of a million units.
func vectorMathChecker(lanes: Int, stride: Int) -> String {
  let unary = MathFunction.allCases.filter { $0.arity == 1 }
  let scalar = mathSource(MathFunction.allCases, prefix: "m", lanes: 1)
  let vector = mathSource(MathFunction.allCases, prefix: "m", lanes: lanes)
  let checks = unary.map { function in
    """
    static double reference_\(function)(double x, double y) { (void)y; return \(function.referenceName)(x); }
    static void vector_\(function)(const block *x, const block *y, block *z) {
      (void)y;
      z->v = \(function.name(prefix: "m", lanes: lanes))(x->v);
    }
    static float scalar_\(function)(float x, float y) {
      (void)y;
      return \(function.name(prefix: "m", lanes: 1))(x);
    }

    """
  }
  let calls = unary.map {
    "  check(\"\($0)\", reference_\($0), vector_\($0), scalar_\($0), floats, \(stride));\n"
  }
  return """
    #include <math.h>
    #include <stdint.h>
    #include <stdio.h>
    #include <string.h>
    \(scalar)
    \(vector)
    enum { LANES = \(lanes) };
    typedef union { m_f32x\(lanes) v; float lane[LANES]; } block;
    \(measuringCode)
    \(checks.joined())
    static void vector_pow(const block *x, const block *y, block *z) {
      z->v = m_pow_f32x\(lanes)(x->v, y->v);
    }

    int main(void) {
    \(calls.joined())
      check("pow", pow, vector_pow, m_pow_f32, special_pairs, 1);
      check("pow", pow, vector_pow, m_pow_f32, random_pairs, \(stride));
      return 0;
    }

    """
}

extension MathFunction {
  fileprivate var referenceName: String {
    switch self {
    case .abs: "fabs"
    case .round: "nearbyint"
    default: rawValue
    }
  }
}

private let measuringCode = """
  static double error_in_ulp(float got, double right) {
    const double wrong = 1e6;
    float nearest = (float)right;
    if (isnan(right) || isnan(got)) return isnan(right) && isnan(got) ? 0 : wrong;
    if (got == nearest && !signbit(got) == !signbit(nearest)) return isinf(got) || got == right ? 0 : 0.5;
    if (!signbit(got) != !signbit(right)) return wrong;
    double largest = ldexp(1, 128);
    if (isinf(right) || isinf(got)) got = isinf(got) ? (float)largest : got;
    double difference = fabs(fmin(fabs((double)got), largest) - fmin(fabs(right), 2 * largest));
    int exponent;
    frexp(fmin(fabs(right), largest / 2), &exponent);
    double error = difference / ldexp(1, exponent < -125 ? -149 : exponent - 24);
    return error < wrong ? error : wrong;
  }

  static float from_bits(uint64_t bits) {
    uint32_t low = (uint32_t)bits;
    float x;
    memcpy(&x, &low, sizeof x);
    return x;
  }

  static uint64_t random_bits(uint64_t k) {
    k = (k + 1) * 0x9e3779b97f4a7c15u;
    k = (k ^ k >> 30) * 0xbf58476d1ce4e5b9u;
    return k ^ k >> 27;
  }

  // The arguments number k; false after the last.
  static int floats(uint64_t k, float *x, float *y) {
    *x = from_bits(k), *y = 0;
    return k < (uint64_t)1 << 32;
  }

  static int special_pairs(uint64_t k, float *x, float *y) {
    static const float values[] = {0, 1, 2, 3, 0.5f, 1.5f, 1.0f / 3, INFINITY, NAN, 1e-45f, 1e-38f, 3e38f,
                                   16777215, 16777216, 8388607.5f, 0.99999994f, 1.0000001f, 2147483648.0f};
    enum { COUNT = sizeof values / sizeof *values };
    *x = values[k / 4 % COUNT] * (k & 1 ? -1.0f : 1.0f);
    *y = values[k / 4 / COUNT % COUNT] * (k & 2 ? -1.0f : 1.0f);
    return k < 4 * COUNT * COUNT;
  }

  // By turns any two floats, small whole exponents, and exponents that give results of every size.
  static int random_pairs(uint64_t k, float *x, float *y) {
    uint64_t bits = random_bits(k);
    int32_t high = (int32_t)(bits >> 32);
    *x = from_bits(bits), *y = from_bits(bits >> 32);
    if (bits >> 8 & 1) *y = (float)(high % 20);
    if (bits >> 9 & 1) *x = fabsf(*x), *y = (float)(high / 16777216.0 / log2(*x));
    return k < (uint64_t)1 << 32;
  }

  static void check(const char *name, double right(double, double),
                    void vector(const block *, const block *, block *), float scalar(float, float),
                    int argument(uint64_t, float *, float *), uint64_t stride) {
    double worst = 0;
    float worst_x = 0, worst_y = 0;
    unsigned long different = 0;
    for (uint64_t k = 0, more = 1; more;) {
      block x, y, z;
      for (int i = 0; i < LANES; i++, k += stride) more = (uint64_t)argument(k, &x.lane[i], &y.lane[i]);
      vector(&x, &y, &z);
      for (int i = 0; i < LANES; i++) {
        float one = scalar(x.lane[i], y.lane[i]), error;
        different += memcmp(&one, &z.lane[i], sizeof one) && !(isnan(one) && isnan(z.lane[i]));
        error = (float)error_in_ulp(z.lane[i], right(x.lane[i], y.lane[i]));
        if (error > worst) worst = error, worst_x = x.lane[i], worst_y = y.lane[i];
      }
    }
    printf("%s %.4f at (%.9g, %.9g), different %lu\\n", name, worst, worst_x, worst_y, different);
  }
  """
