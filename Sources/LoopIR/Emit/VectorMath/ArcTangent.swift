extension MathTemplate {
  static let atan = MathTemplate(
    "atan",
    """
    // The arc tangent. Error at most 1.80 ulp, 1.90 when fused. By 1/x or (x - 1)/(x + 1) into [0, tan(pi/8)];
    // there x + x^3 p(x^2), p of degree 4: minimax, relative error 2^-30.
    $static $F $atan($F x) {
      $F magnitude = $abs(x);
      $I far = magnitude > 2.4142135f, middle = magnitude > 0.41421357f;
      $F t = $select(middle, (magnitude - 1.0f) / (magnitude + 1.0f), magnitude);
      t = $select(far, -1.0f / magnitude, t);
      $F z = t * t;
      $F p = ((-0.060779296f * z + 0.10593704f) * z - 0.1424352f) * z + 0.19998471f;
      p = p * z - 0.33333316f;
      $F low = $select(far, $splat(-4.371139e-8f), $select(middle, $splat(-2.1855694e-8f), $splat(0.0f)));
      $F high = $select(far, $splat(1.5707964f), $select(middle, $splat(0.7853982f), $splat(0.0f)));
      return $with_sign($abs(high + (t + (t * z * p + low))), x);
    }
    """)
}
