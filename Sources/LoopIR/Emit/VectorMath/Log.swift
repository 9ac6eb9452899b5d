extension MathTemplate {
  static let splitExponent = MathTemplate(
    "split_exponent",
    """
    // x = 2^e m with m in [sqrt(1/2), sqrt(2)) for positive finite x: returns m.
    $static $F $split_exponent($F x, $F *e) {
      $I small = x < 1.17549435e-38f;
      $U bits = ($U)$bits($select(small, x * 8388608.0f, x)) - 0x3f3504f3u;
      $I k = ($I)bits >> 23;
      *e = $value(k + 0x4b400000) - $select(small, $splat(12582935.0f), $splat(12582912.0f));
      return $value(($I)((bits & 0x007fffffu) + 0x3f3504f3u));
    }
    """)

  static let log = MathTemplate(
    "log",
    """
    // The natural logarithm. Error at most 0.82 ulp, 0.85 when fused. -infinity at 0, NaN below it.
    // log(1 + f) = f - f^2/2 + f^3 p(f), p the minimax polynomial of degree 8, relative error 2^-29.
    $static $F $log($F x) {
      $F e;
      $F f = $split_exponent(x, &e) - 1.0f;
      $F square = f * f;
      $F fourth = square * square;
      $F low = (0.20002225f + -0.16659214f * f) * square + (0.33333313f + -0.2500017f * f);
      $F high = (0.121117905f + -0.10904622f * f) * square + (0.14209434f + -0.12552182f * f);
      $F p = (0.053218547f * fourth + high) * fourth + low;
      $F tail = f * square * p + e * -0.000212194440f - 0.5f * square;
      $F result = f + tail + e * 0.693359375f;
      $F special = $select(x < 0.0f, $splat(__builtin_nanf("")), x);
      special = $select(x == 0.0f, $splat(-__builtin_inff()), special);
      return $select((x > 0.0f) & (x < __builtin_inff()), result, special);
    }
    """)
}
