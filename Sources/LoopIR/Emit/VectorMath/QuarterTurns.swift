extension MathTemplate {
  /// Multiplies the 24 bits of x by those 96 bits of 2/pi that decide x 2/pi modulo 4, in units of 2^-62.
  static let reduceLarge = MathTemplate(
    "reduce_large",
    """
    // The lanes of $reduce_quarter_turns above 1e5: modulo 4 in integers, by the bits of 2/pi that matter.
    $static void $reduce_large($F x, $F *r, $I *k) {
      static const uint32_t two_over_pi[8] = {0, 0xa2f9836e, 0x4e441529, 0xfc2757d1,
                                              0xf534ddc0, 0xdb629599, 0x3c439041, 0xfe5163ab};
      union { $F v; float lane[$LANES]; uint32_t bits[$LANES]; } in = {x}, out = {*r};
      union { $I v; int32_t lane[$LANES]; } turns = {*k};
      for (int i = 0; i < $LANES; i++) {
        if (!(in.lane[i] > 1e5f)) continue;
        uint32_t first = (in.bits[i] >> 23) - 120, word = first >> 5, shift = first & 31;
        uint64_t mantissa = (in.bits[i] & 0x007fffff) | 0x00800000;
        uint64_t high = (uint64_t)two_over_pi[word] << 32 | two_over_pi[word + 1];
        uint64_t low = (uint64_t)two_over_pi[word + 2] << 32 | two_over_pi[word + 3];
        high = high << shift | low >> 1 >> (63 - shift);
        low = low << shift >> 32;
        uint64_t product = mantissa * high + (mantissa * low >> 32);
        uint64_t nearest = (product + ((uint64_t)1 << 61)) >> 62;
        double fraction = (double)(int64_t)(product - (nearest << 62)) * 3.4061215800865545e-19;
        turns.lane[i] = (int32_t)nearest;
        out.lane[i] = (float)fraction + (in.lane[i] - in.lane[i]);  // NaN at infinity
      }
      *r = out.v;
      *k = turns.v;
    }
    """)

  static let reduceQuarterTurns = MathTemplate(
    "reduce_quarter_turns",
    """
    // x = k pi/2 + r, |r| < 0.8, for x >= 0: returns r, and k modulo 4 in the two lowest bits of k. In double
    // precision, with pi/2 the sum of a constant of 35 bits, whose products are exact, and a small one.
    $static $F $reduce_quarter_turns($F x, $I *k) {
      $F shifted = x * 0.636619772f + 12582912.0f;
      $D n = $widen(shifted - 12582912.0f);
      $D exact = $widen(x) - n * 1.5707963267923333 - n * 2.563344151594519e-12;
      $F r = $narrow(&exact);
      *k = $bits(shifted);
      if ($any(x > 1e5f)) $reduce_large(x, &r, k);
      return r;
    }
    """)
}
