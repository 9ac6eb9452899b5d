extension MathTemplate {
  /// What portable C cannot say alike for one float and for a vector of them.
  static let laneOperations = [
    MathTemplate(
      "bits",
      scalar: "$static $I $bits($F x) { return (union { $F f; $I i; }){x}.i; }",
      vector: "$static $I $bits($F x) { return ($I)x; }"),
    MathTemplate(
      "value",
      scalar: "$static $F $value($I x) { return (union { $I i; $F f; }){x}.f; }",
      vector: "$static $F $value($I x) { return ($F)x; }"),
    MathTemplate("splat", "$static $F $splat(float x) { return x - ($F){0}; }"),
    MathTemplate(
      "select",
      scalar: "$static $F $select($I condition, $F yes, $F no) { return condition ? yes : no; }",
      vector: """
        $static $F $select($I condition, $F yes, $F no) {
          return $value(($bits(yes) & condition) | ($bits(no) & ~condition));
        }
        """),
    MathTemplate(
      "any",
      scalar: "$static int $any($I condition) { return condition; }",
      vector: """
        $static int $any($I condition) {
          union { $I lanes; uint64_t pairs[$LANES / 2]; } view = {condition};
          uint64_t found = 0;
          for (int k = 0; k < $LANES / 2; k++) found |= view.pairs[k];
          return found != 0;
        }
        """),
    MathTemplate(
      "widen",
      scalar: "$static $D $widen($F x) { return ($D)x; }",
      vector: "$static $D $widen($F x) { return __builtin_convertvector(x, $D); }"),
    // Through a pointer, because gcc remarks on vectors passed by value that are wider than its registers.
    MathTemplate(
      "narrow",
      scalar: "$static $F $narrow(const $D *x) { return ($F)*x; }",
      vector: "$static $F $narrow(const $D *x) { return __builtin_convertvector(*x, $F); }"),
    MathTemplate(
      "with_sign",
      """
      // The magnitude of a number that is not negative, the sign of another.
      $static $F $with_sign($F magnitude, $F sign) {
        return $value($bits(magnitude) | ($bits(sign) & INT32_MIN));
      }
      """),
  ]
}
