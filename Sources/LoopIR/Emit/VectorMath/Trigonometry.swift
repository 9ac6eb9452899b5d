extension MathTemplate {
  static let sinPolynomial = MathTemplate(
    "sin_polynomial",
    """
    // sin(r) for |r| < 0.8: minimax polynomial of degree 2 in r^2, relative error 2^-27.
    $static $F $sin_polynomial($F r) {
      $F z = r * r;
      $F p = (-0.00019507883f * z + 0.008332106f) * z + -0.16666654f;
      return r + r * z * p;
    }
    """)

  static let cosPolynomial = MathTemplate(
    "cos_polynomial",
    """
    // cos(r) for |r| < 0.8: minimax polynomial of degree 2 in r^2, relative error 2^-32.
    $static $F $cos_polynomial($F r) {
      $F z = r * r;
      $F p = (2.443075e-05f * z + -0.0013887301f) * z + 0.041666646f;
      return 1.0f - 0.5f * z + z * z * p;
    }
    """)

  static let sin = MathTemplate(
    "sin",
    """
    // The sine. Error at most 1.58 ulp, 1.58 when fused. NaN at infinity.
    $static $F $sin($F x) {
      $I k;
      $F r = $reduce_quarter_turns($abs(x), &k);
      $F result = $select((k & 1) != 0, $cos_polynomial(r), $sin_polynomial(r));
      $U sign = (($U)k & 2u) << 30 ^ (($U)$bits(x) & 0x80000000u);
      return $value($bits(result) ^ ($I)sign);
    }
    """)

  static let cos = MathTemplate(
    "cos",
    """
    // The cosine. Error at most 1.58 ulp, 1.58 when fused. NaN at infinity.
    $static $F $cos($F x) {
      $I k;
      $F r = $reduce_quarter_turns($abs(x), &k);
      $F result = $select((k & 1) != 0, $sin_polynomial(r), $cos_polynomial(r));
      $U sign = (($U)(k + 1) & 2u) << 30;
      return $value($bits(result) ^ ($I)sign);
    }
    """)

  static let tan = MathTemplate(
    "tan",
    """
    // The tangent. Error at most 2.50 ulp, 2.50 when fused. NaN at infinity.
    // tan(r) = r + r^3 p(r^2) for |r| < 0.8, p the minimax polynomial of degree 6, relative error 2^-29.
    $static $F $tan($F x) {
      $I k;
      $F r = $reduce_quarter_turns($abs(x), &k);
      $F z = r * r, zz = z * z;
      $F p = 0.004456398f * zz + (-7.2530696e-05f * z + 0.010964254f);
      p = p * zz + (0.021232104f * z + 0.054069724f);
      p = p * zz + (0.13332577f * z + 0.33333352f);
      $F t = r + r * z * p;
      $I odd = (k & 1) != 0;
      $F result = $select(odd, $splat(-1.0f), t) / $select(odd, t, $splat(1.0f));
      return $value($bits(result) ^ ($bits(x) & INT32_MIN));
    }
    """)
}
