extension MathTemplate {
  static let erf = MathTemplate(
    "erf",
    """
    // The error function. Error at most 1.35 ulp, 1.20 when fused. Below 0.92 x + x p(x^2), p of degree 5;
    // from there 1 - e^-q(|x|), q of degree 6 on [0.92, 3.93]: minimax, relative error 2^-26 and 2^-29.
    $static $F $erf($F x) {
      $F z = x * x, zz = z * z;
      $F p = (-0.0005997259f * z + 0.004994416f) * zz + (-0.026767494f * z + 0.11281845f);
      p = p * zz + (-0.37612498f * z + 0.12837915f);
      $F magnitude = $abs(x);
      $F a = $select(magnitude > 3.93f, $splat(3.93f), magnitude), aa = a * a;
      $F q = -0.00019594288f * aa + (0.0030432635f * a + -0.022227062f);
      q = q * aa + (0.1039318f * a + 0.6371821f);
      q = q * aa + (1.1276757f * a + 0.000195678f);
      return $select(magnitude < 0.92f, x + x * p, $with_sign(1.0f - $exp(-q), x));
    }
    """)
}
