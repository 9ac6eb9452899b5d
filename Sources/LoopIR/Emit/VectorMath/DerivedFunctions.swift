extension MathTemplate {
  /// Functions made of others, the same in double precision (`DoubleMath`). Branches that are not taken may overflow.
  static let derived = [
    MathTemplate(
      "log1p",
      """
      // log(1 + x), by a quotient in which the rounding of 1 + x cancels (Kahan).
      $static $F $log1p($F x) {
        $F sum = 1.0f + x;
        return $select(sum == 1.0f, x, x * ($log(sum) / (sum - 1.0f)));
      }
      """),
    MathTemplate(
      "asin",
      """
      // The arc sine. Error at most 2.60 ulp, 2.60 when fused.
      $static $F $asin($F x) { return $atan(x / $sqrt((1.0f - x) * (1.0f + x))); }
      """),
    MathTemplate(
      "acos",
      """
      // The arc cosine. Error at most 2.50 ulp, 2.50 when fused.
      $static $F $acos($F x) { return 2.0f * $atan($sqrt((1.0f - x) / (1.0f + x))); }
      """),
    MathTemplate(
      "sinh",
      """
      // The hyperbolic sine. Error at most 3.00 ulp, 2.80 when fused.
      $static $F $sinh($F x) {
        $F magnitude = $abs(x);
        $F t = $expm1($select(magnitude > 20.0f, $splat(20.0f), magnitude)), half = $exp(0.5f * magnitude);
        $F near = 0.5f * (t + t / (t + 1.0f));
        return $with_sign($select(magnitude > 20.0f, (0.5f * half) * half, near), x);
      }
      """),
    MathTemplate(
      "cosh",
      """
      // The hyperbolic cosine. Error at most 3.00 ulp, 2.90 when fused.
      $static $F $cosh($F x) {
        $F half = $exp(0.5f * $abs(x));
        return (0.5f * half) * half + (0.5f / half) / half;
      }
      """),
    MathTemplate(
      "asinh",
      """
      // The inverse hyperbolic sine. Error at most 2.60 ulp, 2.60 when fused.
      $static $F $asinh($F x) {
        $F m = $abs(x);
        $F near = $log1p(m + m * (m / (1.0f + $sqrt(1.0f + m * m))));
        return $with_sign($select(m > 1000000000.0f, $log(m) + 0.6931471805599453f, near), x);
      }
      """),
    MathTemplate(
      "acosh",
      """
      // The inverse hyperbolic cosine. Error at most 2.90 ulp, 2.90 when fused.
      $static $F $acosh($F x) {
        $F t = x - 1.0f;
        $F near = $log1p(t + $sqrt(t * (2.0f + t)));
        $F result = $select(x > 1000000000.0f, $log(x) + 0.6931471805599453f, near);
        return $select(x < 1.0f, $splat(__builtin_nanf("")), result);
      }
      """),
    MathTemplate(
      "atanh",
      """
      // The inverse hyperbolic tangent. Error at most 2.90 ulp, 2.90 when fused.
      $static $F $atanh($F x) {
        $F m = $abs(x);
        $F near = $log1p(2.0f * m / (1.0f - m)), far = $log((1.0f + m) / (1.0f - m));
        $F result = 0.5f * $select(m < 0.5f, near, far);
        return $select(result == result, $with_sign($abs(result), x), result);
      }
      """),
  ]
}
