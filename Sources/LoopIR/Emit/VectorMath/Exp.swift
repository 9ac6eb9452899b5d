extension MathTemplate {
  static let expm1Polynomial = MathTemplate(
    "expm1_polynomial",
    """
    // e^r - 1 for |r| <= ln(2)/2: r + r^2 q(r), q the minimax polynomial of degree 4, relative error 2^-26.
    $static $F $expm1_polynomial($F r) {
      $F square = r * r;
      $F q = 0.0013837861f * square + (0.008367319f * r + 0.04166774f);
      q = q * square + (0.16666538f * r + 0.49999997f);
      return r + square * q;
    }
    """)

  /// Adding 1.5 2^23 and 254 to a small number rounds it to an integer and leaves that integer, plus 254, in
  /// the lowest bits. The bias of 254 is what two biased exponents have together.
  static let expm1Reduced = MathTemplate(
    "expm1_reduced",
    """
    // x = k ln(2) + r with |r| <= ln(2)/2 for |x| <= 170: returns e^r - 1, and k + 254 in the 9 low bits.
    // ln(2) is the sum of a constant of 10 bits, whose products with k are exact, and a small one.
    $static $F $expm1_reduced($F x, $I *k) {
      $F shifted = x * 1.44269504f + 12583166.0f;
      $F n = shifted - 12583166.0f;
      *k = $bits(shifted);
      return $expm1_polynomial(x - n * 0.693359375f - n * -0.000212194440f);
    }
    """)

  static let expm1 = MathTemplate(
    "expm1",
    """
    // e^x - 1 for |x| <= 80.
    $static $F $expm1($F x) {
      $I k;
      $F q = $expm1_reduced(x, &k);
      $F scale = $value(($I)((($U)k - 127u) << 23));
      return (scale - 1.0f) + scale * q;
    }
    """)

  static let timesPowerOfTwo = MathTemplate(
    "times_power_of_two",
    """
    // 2^(k - 254) (1 + q) for the 9 low bits of k, in two steps because the power may be no float.
    $static $F $times_power_of_two($F q, $I k) {
      $I half = k >> 1;
      $F scale = $value(($I)(($U)half << 23));
      return (scale + scale * q) * $value(($I)((($U)k - ($U)half) << 23));
    }
    """)

  static let exp = MathTemplate(
    "exp",
    """
    // e^x. Error at most 1.01 ulp, 1.03 when fused, subnormal results included; infinity from 88.73.
    $static $F $exp($F x) {
      $I k;
      $F q = $expm1_reduced(x, &k);
      $F result = $times_power_of_two(q, k);
      result = $select(x > 89.0f, $splat(__builtin_inff()), result);
      return $select(x < -104.0f, $splat(0.0f), result);
    }
    """)
}
