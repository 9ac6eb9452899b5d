extension MathTemplate {
  static let abs = MathTemplate(
    "abs",
    """
    $static $F $abs($F x) { return $value($bits(x) & INT32_MAX); }
    """)

  /// Adding 2^23 to a smaller positive number leaves no bits for a fraction.
  static let round = MathTemplate(
    "round",
    """
    // The nearest integer, halves to even: exact, keeps the sign of zero, NaN and infinities.
    $static $F $round($F x) {
      $F magnitude = $abs(x);
      $F nearest = (magnitude + 8388608.0f) - 8388608.0f;
      return $select(magnitude < 8388608.0f, $with_sign(nearest, x), x);
    }
    """)

  static let trunc = MathTemplate(
    "trunc",
    """
    // The nearest integer towards zero: exact, keeps the sign of zero, NaN and infinities.
    $static $F $trunc($F x) {
      $F magnitude = $abs(x);
      $F nearest = (magnitude + 8388608.0f) - 8388608.0f;
      $F below = nearest - $select(nearest > magnitude, $splat(1.0f), $splat(0.0f));
      return $select(magnitude < 8388608.0f, $with_sign(below, x), x);
    }
    """)

  static let floor = MathTemplate(
    "floor",
    """
    // The greatest integer that is not above: exact, keeps the sign of zero, NaN and infinities.
    $static $F $floor($F x) {
      $F nearest = $round(x);
      $F below = nearest - $select(nearest > x, $splat(1.0f), $splat(0.0f));
      return $value($bits(below) | ($bits(x) & INT32_MIN));
    }
    """)

  static let ceil = MathTemplate(
    "ceil",
    """
    // The least integer that is not below: exact, keeps the sign of zero, NaN and infinities.
    $static $F $ceil($F x) { return -$floor(-x); }
    """)
}
