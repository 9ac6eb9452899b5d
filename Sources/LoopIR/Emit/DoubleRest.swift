extension DoubleMath {
  static let remaining = [
    CHelper(
      "atan_f64",
      """
      // Within 4 ulp: a quarter of the angle by Taylor's series.
      HELPER double atan_f64(double x) {
        static const double taylor[] = {
            0.04, -0.043478260869565216, 0.047619047619047616, -0.05263157894736842,
            0.058823529411764705, -0.06666666666666667, 0.07692307692307693, -0.09090909090909091,
            0.1111111111111111, -0.14285714285714285, 0.2, -0.3333333333333333};
        double magnitude = abs_f64(x);
        int isFar = magnitude > 1.0;
        double near = isFar ? 1.0 / magnitude : magnitude;
        double t = near / (1.0 + sqrt_f64(1.0 + near * near));
        t = t / (1.0 + sqrt_f64(1.0 + t * t));
        double z = t * t, angle = 4.0 * (t + t * z * polynomial_f64(z, taylor, 12));
        return with_sign_f64(isFar ? 1.5707963267948966 - (angle - 6.123233995736766e-17) : angle, x);
      }
      """),
    CHelper(
      "erf_f64",
      """
      // A series of positive terms, or a continued fraction far out (DLMF 7.6.2, 7.9.1); error up to 1e-15.
      HELPER double erf_f64(double x) {
        double t = abs_f64(x);
        if (t > 6.0) return with_sign_f64(1.0, x);
        if (t < 1.75) {
          double sum = x, term = x;
          for (int k = 1; abs_f64(term) > 1e-17 * abs_f64(sum); k++) {
            term *= 2.0 * x * x / (2.0 * k + 1.0);
            sum += term;
          }
          return 1.1283791670955126 * exp_f64(-x * x) * sum;
        }
        double fraction = t;
        for (int k = 75; k > 0; k--) fraction = t + 0.5 * k / fraction;
        return with_sign_f64(1.0 - 0.5641895835477563 * exp_f64(-t * t) / fraction, x);
      }
      """),
    CHelper(
      "modulo_f64",
      """
      // The remainder with the sign of b, exact but for one addition; NaN where b is 0.
      HELPER double modulo_f64(double a, double b) {
        double divisor = abs_f64(b), rest = abs_f64(a), part = divisor;
        if (!(divisor > 0.0 && rest < __builtin_inf())) return __builtin_nan("");
        while (part + part <= rest) part += part;
        for (; rest >= divisor; part *= 0.5) {
          if (rest >= part) rest -= part;
        }
        if (a < 0.0) rest = -rest;
        return rest != 0.0 && (rest < 0.0) != (b < 0.0) ? rest + b : rest;
      }
      """),
    CHelper("modulo_f32", "HELPER float modulo_f32(float a, float b) { return (float)modulo_f64(a, b); }"),
  ]

  /// What single precision has too, within 5 ulp.
  static let derived =
    [
      CHelper("splat_f64", "HELPER double splat_f64(double x) { return x; }"),
      CHelper("select_f64", "HELPER double select_f64(int c, double a, double b) { return c ? a : b; }"),
    ] + MathTemplate.derived.map { CHelper("\($0.name)_f64", $0.inDoublePrecision) }
}
