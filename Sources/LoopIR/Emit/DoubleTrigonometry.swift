extension DoubleMath {
  /// Sine, cosine and tangent: the argument modulo a quarter turn, then Taylor's series.
  static let trigonometry = [
    CHelper(
      "reduce_far_f64",
      """
      // x modulo a quarter turn for large x (Payne & Hanek 1983): 7 words of 2/pi times the 53 bits of x.
      HELPER double reduce_far_f64(double x, int *quarter) {
        static const uint32_t two_over_pi[] = {
            0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599, 0x3c439041, 0xfe5163ab, 0xdebbc561,
            0xb7246e3a, 0x424dd2e0, 0x06492eea, 0x09d1921c, 0xfe1deb1c, 0xb129a73e, 0xe88235f5, 0x2ebb4484,
            0xe99c7026, 0xb45f7e41, 0x3991d639, 0x835339f4, 0x9c845f8b, 0xbdf9283b, 0x1ff897ff, 0xde05980f,
            0xef2f118b, 0x5a0a6d1f, 0x6d367ecf, 0x27cb09b7, 0x4f463f66, 0x9e5fea2d, 0x7527bac7, 0xebe5f17b,
            0x3d0739f7, 0x8a5292ea, 0x6bfb5fb1, 0x1f8d5d08, 0x56033046, 0xfc7b6bab, 0xf0cfbc20, 0x9af4361d};
        uint64_t bits = bits_f64(x), m = (bits & 0xfffffffffffff) | 0x10000000000000;
        int e = (int)(bits >> 52 & 2047) - 1075;
        int skipped = e > 33 ? (e - 2) / 32 : 0;  // words whose products are whole turns
        int point = 224 - (e - 32 * skipped);  // bits behind the binary point
        uint32_t low = (uint32_t)m, high = (uint32_t)(m >> 32), product[9] = {0};
        for (int k = 0; k < 7; k++) {
          uint64_t word = two_over_pi[skipped + 6 - k], sum = product[k] + word * low;
          product[k] = (uint32_t)sum;
          sum = (sum >> 32) + product[k + 1] + word * high;
          product[k + 1] = (uint32_t)sum;
          product[k + 2] = (uint32_t)(sum >> 32);
        }
        // The fraction, brought to the top of word 6, and two bits above it.
        int words = point / 32, rest = point % 32;
        uint64_t above = (uint64_t)product[words + 1] << 32 | product[words];
        *quarter = (int)(above >> rest & 3);
        int isUpper = point > 0 && (product[(point - 1) / 32] >> (point - 1) % 32 & 1);
        double fraction = 0.0;
        for (int k = 0; k <= words; k++) {
          uint32_t word = k < words ? product[k] : product[k] & (((uint32_t)1 << rest) - 1);
          if (isUpper) word = k < words ? ~word : ~word & (((uint32_t)1 << rest) - 1);
          fraction = (fraction + (double)word) * 2.3283064365386963e-10;
        }
        fraction *= (double)((uint64_t)1 << (32 - rest));
        *quarter += isUpper;
        double r = (isUpper ? -fraction : fraction) * 1.5707963267948966;
        if (x < 0.0) *quarter = -*quarter;
        return x < 0.0 ? -r : r;
      }
      """),
    CHelper(
      "reduce_f64",
      """
      // x modulo a quarter turn, in [-pi/4, pi/4]; the number of quarter turns modulo 4.
      HELPER double reduce_f64(double x, int *quarter) {
        *quarter = 0;
        if (abs_f64(x) < 0.785) return x;
        if (!(abs_f64(x) < __builtin_inf())) return __builtin_nan("");
        if (abs_f64(x) > 1e6) return reduce_far_f64(x, quarter);
        double n = round_f64(x * 0.6366197723675814);
        *quarter = (int)n;
        double r = x - n * 1.5707963267341256, w = n * 6.077100506303966e-11;
        double difference = r - w;
        return difference + ((r - difference) - w - n * 2.0222662487959506e-21);
      }
      """),
    CHelper(
      "turn_f64",
      """
      // The sine of r and a number of quarter turns.
      HELPER double turn_f64(double r, int quarter) {
        static const double sine[] = {
            2.8114572543455206e-15, -7.647163731819816e-13, 1.6059043836821613e-10,
            -2.505210838544172e-08, 2.7557319223985893e-06, -0.0001984126984126984,
            0.008333333333333333, -0.16666666666666666};
        static const double cosine[] = {
            -1.5619206968586225e-16, 4.779477332387385e-14, -1.1470745597729725e-11,
            2.08767569878681e-09, -2.755731922398589e-07, 2.48015873015873e-05, -0.001388888888888889,
            0.041666666666666664, -0.5};
        double z = r * r;
        double value = quarter & 1 ? 1.0 + z * polynomial_f64(z, cosine, 9)
            : z == 0.0 ? r : r + r * z * polynomial_f64(z, sine, 8);
        return quarter & 2 ? -value : value;
      }
      """),
    CHelper(
      "sin_f64",
      """
      // Within 2 ulp.
      HELPER double sin_f64(double x) {
        int quarter;
        double r = reduce_f64(x, &quarter);
        return turn_f64(r, quarter);
      }
      """),
    CHelper(
      "cos_f64",
      """
      // Within 2 ulp.
      HELPER double cos_f64(double x) {
        int quarter;
        double r = reduce_f64(x, &quarter);
        return turn_f64(r, quarter + 1);
      }
      """),
    CHelper(
      "tan_f64",
      """
      // Within 4 ulp.
      HELPER double tan_f64(double x) {
        int quarter;
        double r = reduce_f64(x, &quarter);
        return turn_f64(r, quarter) / turn_f64(r, quarter + 1);
      }
      """),
  ]
}
