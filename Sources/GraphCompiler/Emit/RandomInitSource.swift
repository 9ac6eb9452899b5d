import LoopIR

/// C functions that draw parameters: `RandomStream.numbers` once more, operation by operation, so that the bits agree.
enum RandomInitSource {
  enum Function: Hashable {
    case uniform, normal, orthonormal
  }

  /// Those that are called, callees before callers.
  static func needed(_ functions: [Function?], _ elements: [ElementType]) -> [String] {
    let used = Set(functions.compactMap { $0 })
    if used.isEmpty { return [] }
    var sources = [block]
    if used != [.uniform] { sources.append(normalNumbers) }
    for function in [Function.uniform, .normal, .orthonormal] where used.contains(function) {
      for element in [ElementType.f32, .f64] {
        guard zip(functions, elements).contains(where: { $0 == function && $1 == element }) else { continue }
        sources.append(
          template(function).replacing("$type", with: element.cName).replacing(
            "$suffix", with: element.rawValue))
      }
    }
    return sources
  }

  private static func template(_ function: Function) -> String {
    switch function {
    case .uniform: uniform
    case .normal: normal
    case .orthonormal: orthonormal
    }
  }

  private static let block = """
    // Four random words by counting: Philox-4x32-10 (Salmon, Moraes, Dror & Shaw 2011). The key is the seed. The counter is
    // the place of the block in a stream, and the stream: FNV-1a of the name of the tensor.
    static void random_block(uint64_t seed, uint64_t stream, uint64_t place, uint32_t word[4]) {
      uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
      uint32_t a = (uint32_t)place, b = (uint32_t)(place >> 32), c = (uint32_t)stream, d = (uint32_t)(stream >> 32);
      for (int round = 0; round < 10; round++) {
        uint64_t left = (uint64_t)a * 0xD2511F53u, right = (uint64_t)c * 0xCD9E8D57u;
        a = (uint32_t)(right >> 32) ^ b ^ k0;
        b = (uint32_t)right;
        c = (uint32_t)(left >> 32) ^ d ^ k1;
        d = (uint32_t)left;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
      }
      word[0] = a;
      word[1] = b;
      word[2] = c;
      word[3] = d;
    }

    // Between 0 and 1, both excluded.
    static double fraction(uint32_t word) { return ((double)word + 0.5) * 0x1p-32; }
    """

  private static let normalNumbers = """
    typedef union {
      double value;
      uint64_t bits;
    } double_bits;

    // The square root of a positive normal number, correctly rounded, digit by digit.
    static double square_root(double x) {
      double_bits number = {x};
      int exponent = (int)(number.bits >> 52) - 1023;
      uint64_t rest = (number.bits & 0xFFFFFFFFFFFFFu) | 0x10000000000000u, root = 0, sum = 0;
      rest <<= 1 + (exponent & 1);
      for (uint64_t digit = (uint64_t)1 << 53; digit != 0; digit >>= 1) {
        if (sum + digit <= rest) {
          rest -= sum + digit;
          sum += 2 * digit;
          root += digit;
        }
        rest <<= 1;
      }
      if (rest != 0) root += root & 1;
      number.bits = (root >> 1) + ((uint64_t)((exponent - (exponent & 1)) / 2 + 1022) << 52);
      return number.value;
    }

    // log(2^e f) = e log 2 + 2 artanh((f - 1) / (f + 1)), f between the roots of 1/2 and 2, for positive normal numbers.
    static double logarithm(double x) {
      double_bits number = {x};
      double exponent = (double)(number.bits >> 52) - 1023.0;
      number.bits = (number.bits & 0xFFFFFFFFFFFFFu) | 0x3FF0000000000000u;
      double f = number.value;
      if (f > 0x1.6a09e667f3bcdp0) {
        f = f * 0.5;
        exponent = exponent + 1.0;
      }
      double s = (f - 1.0) / (f + 1.0), z = s * s;
      double series = z * (1.0 / 15.0) + 1.0 / 13.0;
      series = series * z + 1.0 / 11.0;
      series = series * z + 1.0 / 9.0;
      series = series * z + 1.0 / 7.0;
      series = series * z + 1.0 / 5.0;
      series = series * z + 1.0 / 3.0;
      series = series * z + 1.0;
      return exponent * 0x1.62e42fefa39efp-1 + 2.0 * s * series;
    }

    // Cosine and sine of an even angle: two bits choose a quarter, the others an angle within pi/4 of its middle.
    static void direction(uint32_t word, double *cosine, double *sine) {
      double angle = (((double)(word & 0x3FFFFFFF) + 0.5) * 0x1p-30 - 0.5) * 0x1.921fb54442d18p0, z = angle * angle;
      double s = z * (-1.0 / 39916800.0) + 1.0 / 362880.0;
      s = s * z - 1.0 / 5040.0;
      s = s * z + 1.0 / 120.0;
      s = s * z - 1.0 / 6.0;
      s = angle * (s * z + 1.0);
      double c = z * (1.0 / 479001600.0) - 1.0 / 3628800.0;
      c = c * z + 1.0 / 40320.0;
      c = c * z - 1.0 / 720.0;
      c = c * z + 1.0 / 24.0;
      c = c * z - 0.5;
      c = c * z + 1.0;
      switch (word >> 30) {
        case 0: *cosine = c, *sine = s; break;
        case 1: *cosine = -s, *sine = c; break;
        case 2: *cosine = -c, *sine = -s; break;
        default: *cosine = s, *sine = -c;
      }
    }

    // The numbers of one block, normal ones with mean 0 and deviation 1 times another (Box & Muller 1958).
    static void normal_numbers(
        uint64_t seed, uint64_t stream, uint64_t place, double mean, double deviation, double number[4]) {
      uint32_t word[4];
      random_block(seed, stream, place, word);
      for (int k = 0; k < 2; k++) {
        double radius = deviation * square_root(-2.0 * logarithm(fraction(word[k]))), cosine, sine;
        direction(word[2 + k], &cosine, &sine);
        number[k] = mean + radius * cosine;
        number[2 + k] = mean + radius * sine;
      }
    }
    """

  private static let uniform = """
    static void draw_uniform_$suffix(
        $type *x, size_t count, uint64_t seed, uint64_t stream, double low, double high) {
      for (size_t i = 0; i < count; i += 4) {
        uint32_t word[4];
        random_block(seed, stream, i / 4, word);
        for (size_t k = 0; k < 4 && i + k < count; k++) x[i + k] = ($type)(low + (high - low) * fraction(word[k]));
      }
    }
    """

  private static let normal = """
    static void draw_normal_$suffix(
        $type *x, size_t count, uint64_t seed, uint64_t stream, double mean, double deviation) {
      for (size_t i = 0; i < count; i += 4) {
        double number[4];
        normal_numbers(seed, stream, i / 4, mean, deviation, number);
        for (size_t k = 0; k < 4 && i + k < count; k++) x[i + k] = ($type)number[k];
      }
    }
    """

  private static let orthonormal = """
    // Orthonormal rows, or columns where these are fewer, by Gram & Schmidt on normal numbers (Saxe et al. 2014); of more
    // than 512, each 512 for themselves.
    static void draw_orthonormal_$suffix(
        $type *x, size_t rows, size_t columns, uint64_t seed, uint64_t stream, double *v) {
      size_t count = rows < columns ? rows : columns, length = rows < columns ? columns : rows;
      for (size_t i = 0; i < count * length; i += 4) {
        double number[4];
        normal_numbers(seed, stream, i / 4, 0.0, 1.0, number);
        for (size_t k = 0; k < 4 && i + k < count * length; k++) v[i + k] = number[k];
      }
      for (size_t i = 0; i < count; i++) {
        double *a = v + i * length, squares = 0.0;
        for (int pass = 0; pass < 2; pass++) {  // the second removes what rounding left of the first
          for (size_t j = i - i % 512; j < i; j++) {
            double product = 0.0;
            for (size_t k = 0; k < length; k++) product += a[k] * v[j * length + k];
            for (size_t k = 0; k < length; k++) a[k] -= product * v[j * length + k];
          }
        }
        for (size_t k = 0; k < length; k++) squares = squares + a[k] * a[k];
        if (squares > 0.0) {
          double norm = square_root(squares);
          for (size_t k = 0; k < length; k++) a[k] /= norm;
        }
      }
      for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < columns; j++) {
          x[i * columns + j] = ($type)(rows <= columns ? v[i * length + j] : v[j * length + i]);
        }
      }
    }
    """
}
