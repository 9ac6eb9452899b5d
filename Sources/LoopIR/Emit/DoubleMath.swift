/// The mathematical functions in double precision, one number at a time: for networks of `f64`, which are checks and
/// small tools rather than products. Plain series; the errors stated are the largest seen against libm.
enum DoubleMath {
  static let helpers = rounding + exponential + trigonometry + remaining + derived

  private static let rounding = [
    CHelper(
      "bits_f64",
      """
      HELPER uint64_t bits_f64(double x) {
        union { double value; uint64_t bits; } both = {x};
        return both.bits;
      }
      """),
    CHelper(
      "value_f64",
      """
      HELPER double value_f64(uint64_t bits) {
        union { uint64_t bits; double value; } both = {bits};
        return both.value;
      }
      """),
    CHelper("abs_f64", "HELPER double abs_f64(double x) { return value_f64(bits_f64(x) & INT64_MAX); }"),
    CHelper(
      "with_sign_f64",
      """
      HELPER double with_sign_f64(double magnitude, double x) {
        return value_f64(bits_f64(magnitude) | (bits_f64(x) & ~(uint64_t)INT64_MAX));
      }
      """),
    CHelper(
      "round_f64",
      """
      // The nearest integer, halves to even. Adding 2^52 leaves no bits for a fraction.
      HELPER double round_f64(double x) {
        double magnitude = abs_f64(x);
        double nearest = (magnitude + 4503599627370496.0) - 4503599627370496.0;
        return magnitude < 4503599627370496.0 ? with_sign_f64(nearest, x) : x;
      }
      """),
    CHelper(
      "floor_f64",
      """
      HELPER double floor_f64(double x) {
        double nearest = round_f64(x);
        return with_sign_f64(abs_f64(nearest > x ? nearest - 1.0 : nearest), x);
      }
      """),
    CHelper("ceil_f64", "HELPER double ceil_f64(double x) { return -floor_f64(-x); }"),
    CHelper(
      "sqrt_f64",
      """
      // The square root by Newton's method, within 1 ulp.
      HELPER double sqrt_f64(double x) {
        if (!(x > 0.0 && x < __builtin_inf())) return x < 0.0 ? __builtin_nan("") : x;
        double scale = x < 2.2250738585072014e-308 ? 1.3407807929942597e+154 : 1.0;
        double t = x * scale;
        double y = value_f64(0x5fe6eb50c7b537a9 - (bits_f64(t) >> 1));  // 1/sqrt(t)
        for (int k = 0; k < 4; k++) y *= 1.5 - 0.5 * t * y * y;
        double s = t * y;
        s += 0.5 * y * (t - s * s);
        return scale == 1.0 ? s : s * 8.636168555094445e-78;
      }
      """),
  ]

  private static let exponential = [
    CHelper(
      "polynomial_f64",
      """
      // Horner's rule; the last coefficient is that of 1.
      HELPER double polynomial_f64(double x, const double *coefficients, int count) {
        double sum = coefficients[0];
        for (int k = 1; k < count; k++) sum = sum * x + coefficients[k];
        return sum;
      }
      """),
    CHelper(
      "power_of_two_f64",
      "HELPER double power_of_two_f64(int n) { return value_f64((uint64_t)(1023 + n) << 52); }"),
    CHelper(
      "expm1_reduced_f64",
      """
      // e^(x - n log 2) - 1 for the n that makes it small.
      HELPER double expm1_reduced_f64(double x, int *n) {
        static const double taylor[] = {
            1.6059043836821613e-10, 2.08767569878681e-09, 2.505210838544172e-08, 2.755731922398589e-07,
            2.7557319223985893e-06, 2.48015873015873e-05, 0.0001984126984126984, 0.001388888888888889,
            0.008333333333333333, 0.041666666666666664, 0.16666666666666666, 0.5};
        double whole = round_f64(x * 1.4426950408889634);
        double r = (x - whole * 0.6931471803691238) - whole * 1.9082149292705877e-10;
        *n = (int)whole;
        return r + r * r * polynomial_f64(r, taylor, 12);
      }
      """),
    CHelper(
      "expm1_f64",
      """
      // e^x - 1 for |x| <= 700.
      HELPER double expm1_f64(double x) {
        int n;
        double q = expm1_reduced_f64(x, &n), power = power_of_two_f64(n);
        return power * q + (power - 1.0);
      }
      """),
    CHelper(
      "exp_f64",
      """
      // e^x within 2 ulp.
      HELPER double exp_f64(double x) {
        if (!(x >= -746.0 && x <= 710.0)) return x < 0.0 ? 0.0 : x > 0.0 ? __builtin_inf() : x;
        int n;
        double power = expm1_reduced_f64(x, &n) + 1.0;
        return power * power_of_two_f64(n / 2) * power_of_two_f64(n - n / 2);
      }
      """),
    CHelper(
      "log_f64",
      """
      // The natural logarithm within 2 ulp: x = m 2^e, log m = 2 artanh((m - 1)/(m + 1)).
      HELPER double log_f64(double x) {
        static const double taylor[] = {
            0.08, 0.08695652173913043, 0.09523809523809523, 0.10526315789473684, 0.11764705882352941,
            0.13333333333333333, 0.15384615384615385, 0.18181818181818182, 0.2222222222222222,
            0.2857142857142857, 0.4, 0.6666666666666666};
        if (!(x > 0.0 && x < __builtin_inf())) {
          return x == 0.0 ? -__builtin_inf() : x < 0.0 ? __builtin_nan("") : x;
        }
        int isSmall = x < 2.2250738585072014e-308;
        uint64_t bits = bits_f64(isSmall ? x * 18014398509481984.0 : x);
        uint64_t above = bits + (0x3ff0000000000000 - 0x3fe6a09e667f3bcd);
        double m = value_f64((above & 0xfffffffffffff) + 0x3fe6a09e667f3bcd);
        double e = (double)((int64_t)(above >> 52) - 1023 - (isSmall ? 54 : 0));
        double s = (m - 1.0) / (m + 1.0), z = s * s;
        double fraction = 2.0 * s + s * z * polynomial_f64(z, taylor, 12);
        return e * 0.6931471803691238 + (e * 1.9082149292705877e-10 + fraction);
      }
      """),
    CHelper(
      "pow_f64",
      """
      // x^y: small whole powers as products, others as e^(y log x) with an error of up to 1e-13.
      HELPER double pow_f64(double x, double y) {
        if (y == 0.0 || x == 1.0) return 1.0;
        if (x != x || y != y) return x + y;
        double magnitude = abs_f64(x), size = abs_f64(y);
        int isWhole = floor_f64(y) == y, isOdd = isWhole && floor_f64(0.5 * y) != 0.5 * y;
        if (x < 0.0 && magnitude < __builtin_inf() && !isWhole) return __builtin_nan("");
        double power = 1.0;
        if (isWhole && size <= 64.0) {
          for (int k = (int)size; k > 0; k--) power *= magnitude;
          if (y < 0.0) power = 1.0 / power;
        } else if (magnitude != 1.0) {
          power = exp_f64(y * log_f64(magnitude));
        }
        return isOdd ? with_sign_f64(power, x) : power;
      }
      """),
    CHelper(
      "tanh_f64",
      """
      // Within 3 ulp.
      HELPER double tanh_f64(double x) {
        double magnitude = abs_f64(x);
        if (!(magnitude <= 22.0)) return x != x ? x : with_sign_f64(1.0, x);
        double t = expm1_f64(2.0 * magnitude);
        return with_sign_f64(t / (t + 2.0), x);
      }
      """),
  ]
}
