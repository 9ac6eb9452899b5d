extension MathTemplate {
  /// Newton's method gives the root within one unit in the last place; integers then round it correctly.
  ///
  /// With t = T/2^23 in [1, 4) and the root s = S/2^23, the remainder R = T 2^23 - S^2 is an integer of less
  /// than 32 bits, so arithmetic modulo 2^32 finds it. S is the nearest root if and only if -S < R <= S.
  static let sqrt = MathTemplate(
    "sqrt",
    """
    // The square root, correctly rounded. NaN below zero; -0, infinity and NaN are their own roots.
    $static $F $sqrt($F x) {
      $I small = x < 1.17549435e-38f;
      $U bits = ($U)$bits($select(small, x * 16777216.0f, x)) - 0x3f800000u;
      $I half = ($I)bits >> 24;
      $U excess = bits - (($U)half << 24);
      $F t = $value(($I)(excess + 0x3f800000u));  // x = t 4^half
      $F y = $value(0x5f375a86 - ($bits(t) >> 1));  // 1/sqrt(t), then twice Newton's step
      y = y * (1.5f - 0.5f * t * y * y);
      y = y * (1.5f - 0.5f * t * y * y);
      $F s = t * y;
      s = s + 0.5f * y * (t - s * s);
      $U root = ($U)$bits(s) - 0x3f000000u;
      $U remainder = ((excess + (excess & (0u - (excess >> 23)))) << 23) - root * root;
      $I up = ($I)(root - remainder) >> 31;
      $I down = ($I)(remainder + root - 1u) >> 31;
      s = $value(($I)(($U)$bits(s) - ($U)up + ($U)down + (($U)half << 23)));
      s = $select(small, s * 0.000244140625f, s);
      $F special = $select(x < 0.0f, $splat(__builtin_nanf("")), x);
      return $select((x > 0.0f) & (x < __builtin_inff()), s, special);
    }
    """)
}
