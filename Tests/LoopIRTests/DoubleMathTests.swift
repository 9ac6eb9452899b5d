import Foundation
import Testing

@testable import LoopIR

/// The double precision functions of generated code against the C library.
@Suite struct DoubleMathTests {
  /// Name, greatest error in units in the last place, and the arguments: `random` in a range, or spread over all
  /// exponents.
  private static let functions: [(name: String, reference: String, ulp: Int, low: Double, high: Double)] = [
    ("abs", "fabs", 0, -9, 9), ("round", "nearbyint", 0, -9, 9), ("floor", "floor", 0, -9, 9),
    ("ceil", "ceil", 0, -9, 9), ("sqrt", "sqrt", 1, 0, 100), ("exp", "exp", 2, -745, 709.7),
    ("log", "log", 2, 0, 10), ("tanh", "tanh", 3, -10, 10), ("sin", "sin", 2, -100, 100),
    ("cos", "cos", 2, -100, 100), ("tan", "tan", 4, -100, 100), ("erf", "erf", 12, -7, 7),
  ]

  @Test func agreesWithTheLibrary() throws {
    guard let compiler = CCompiler.installed.first else { return }
    try withTemporaryFolder { folder in
      let program = folder.appendingPathComponent("doubles")
      #expect(try compiler.compile(Self.program, to: program, ["-O1", "-lm"]) == "")
      let result = try run(program.path, [])
      #expect(result.status == 0)
      for (line, function) in zip(result.output.split(separator: "\n"), Self.functions) {
        let words = line.split(separator: " ")
        #expect(words[0] == function.name)
        #expect(Int(words[1]) ?? .max <= function.ulp, "\(line)")
      }
      let rest = result.output.split(separator: "\n").dropFirst(Self.functions.count)
      #expect(rest == ["pow 0", "modulo 0"])
    }
  }

  private static var program: String {
    let names = Set(functions.map { "\($0.name)_f64" } + ["pow_f64", "modulo_f64"])
    let checks = functions.map { function in
      "  check(\"\(function.name)\", \(function.name)_f64, \(function.reference), \(function.low), \(function.high));\n"
    }
    return """
      #include <math.h>
      #include <stdint.h>
      #include <stdio.h>
      #define HELPER static inline __attribute__((unused))
      \(CHelper.source(names))
      \(measuring)
      int main(void) {
      \(checks.joined())  printf("pow %d\\n", wrong_powers());
        printf("modulo %d\\n", wrong_remainders());
        return 0;
      }
      """
  }

  private static let measuring = """
    static uint64_t state = 1;
    static uint64_t random_bits(void) {
      state += 0x9e3779b97f4a7c15;
      uint64_t z = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9;
      z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
      return z ^ (z >> 31);
    }
    static double uniform(double low, double high) { return low + (high - low) * (double)(random_bits() >> 11) * 0x1p-53; }
    static const double special[] = {0.0, -0.0, 0.5, 1.5, 2.5, -0.5, 1e16, -1e16, 1e-320, 1e-310, 1e22, -1e300, 1.7e308,
        1e6, 1048576.5, 5e15, 3.141592653589793, 1e305, INFINITY, -INFINITY, NAN};
    enum { SPECIALS = sizeof special / sizeof *special };
    // Distance in units in the last place; a million where a NaN or a sign is wrong.
    static uint64_t distance(double a, double b) {
      if (a != a || b != b) return (a != a) == (b != b) ? 0 : 1000000;
      if (a == b) return !signbit(a) == !signbit(b) ? 0 : 1000000;
      if (!signbit(a) != !signbit(b)) return 1000000;
      uint64_t p = bits_f64(abs_f64(a)), q = bits_f64(abs_f64(b));
      return p < q ? q - p : p - q;
    }
    static void check(const char *name, double (*ours)(double), double (*right)(double), double low, double high) {
      uint64_t worst = 0;
      double at = 0;
      for (int k = 0; k < 400000; k++) {
        double x = k < SPECIALS ? special[k] : k % 2 ? uniform(low, high) : value_f64(random_bits());
        uint64_t error = distance(ours(x), right(x));
        if (error > worst) { worst = error; at = x; }
      }
      printf("%s %llu at %.17g\\n", name, (unsigned long long)worst, at);
    }
    static int wrong_powers(void) {
      int wrong = 0;
      for (int k = 0; k < SPECIALS * SPECIALS + 200000; k++) {
        int isSpecial = k < SPECIALS * SPECIALS;
        double x = isSpecial ? special[k % SPECIALS] : uniform(0, 30);
        double y = isSpecial ? special[k / SPECIALS] : k % 2 ? uniform(-30, 30) : (double)(k % 41 - 20);
        double got = pow_f64(x, y), right = pow(x, y);
        int isClose = fabs(got - right) <= 1e-13 * fabs(right) || (isinf(right) && got == right);
        if (!isClose && !(got != got && right != right)) wrong++;
      }
      return wrong;
    }
    static int wrong_remainders(void) {
      int wrong = 0;
      for (int k = 0; k < 100000; k++) {
        double x = k % 3 ? uniform(-1000, 1000) : value_f64(random_bits());
        double y = k % 5 ? uniform(-10, 10) : value_f64(random_bits());
        double right = fmod(x, y);
        if (right != 0 && (right < 0) != (y < 0)) right += y;
        double got = modulo_f64(x, y);
        if (got != right && !(got != got && right != right)) wrong++;
      }
      return wrong;
    }
    """
}
