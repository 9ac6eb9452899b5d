/// Arithmetic on whole numbers as the interpreter has it: results wrap, and division by 0 is 0. C would leave both open for
/// signed numbers, and computes small ones as `int`; so generated kernels call `add_i32(a, b)` instead of `a + b`.
enum IntegerArithmetic {
  /// The name of the helper; nil where the C operator has the same meaning.
  static func helper(_ function: BinaryFunction, _ type: ElementType) -> String? {
    if type.isFloatingPoint || type == .bool { return nil }
    switch function {
    case .add, .subtract, .multiply, .divide, .modulo, .power: return "\(function.rawValue)_\(type.rawValue)"
    case .shiftLeft: return "shift_left_\(type.rawValue)"
    case .shiftRight: return "shift_right_\(type.rawValue)"
    case .minimum, .maximum, .equal, .notEqual, .less, .lessEqual, .and, .or, .bitAnd, .bitOr, .bitXor: return nil
    }
  }

  /// Every function for every integer type, in the order in which they are printed.
  static let helpers: [CHelper] = types.flatMap { type in
    texts(type).map { CHelper("\($0.stem)_\(type.rawValue)", instantiate($0.text, type)) }
  }

  private static let types: [ElementType] = [.i8, .i16, .i32, .i64, .u8, .u16, .u32, .u64]

  /// `$T` is the type, `$U` an unsigned type in which C computes modulo a power of two.
  private static func texts(_ type: ElementType) -> [(stem: String, text: String)] {
    let isSigned = type.isSigned
    let signed = "b == 0 ? 0 : b == -1 ? ($T)(0 - ($U)a) : ($T)(a / b)"
    return [
      ("add", "HELPER $T $add($T a, $T b) { return ($T)(($U)a + ($U)b); }"),
      ("subtract", "HELPER $T $subtract($T a, $T b) { return ($T)(($U)a - ($U)b); }"),
      ("multiply", "HELPER $T $multiply($T a, $T b) { return ($T)(($U)a * ($U)b); }"),
      ("divide", "HELPER $T $divide($T a, $T b) { return \(isSigned ? signed : "b == 0 ? 0 : ($T)(a / b)"); }"),
      ("absolute", "HELPER $T $absolute($T a) { return a < 0 ? ($T)(0 - ($U)a) : a; }"),
      ("modulo", isSigned ? signedModulo : "HELPER $T $modulo($T a, $T b) { return b == 0 ? 0 : ($T)(a % b); }"),
      ("power", isSigned ? power(signedStart) : power("")),
      ("shift_left", "HELPER $T $shift_left($T a, $T b) { return b < $W ? ($T)(($U)a << b) : 0; }"),
      ("shift_right", "HELPER $T $shift_right($T a, $T b) { return b < $W ? ($T)(a >> b) : 0; }"),
    ]
  }

  private static let signedModulo = """
    HELPER $T $modulo($T a, $T b) {
      if (b == 0 || b == -1) return 0;
      $T r = ($T)(a % b);
      return r != 0 && (r < 0) != (b < 0) ? ($T)(r + b) : r;
    }
    """

  /// Of the negative powers, 1 and -1 alone are whole.
  private static let signedStart = "  if (b < 0) return a == 1 || (a == -1 && b % 2 == 0) ? 1 : a == -1 ? -1 : 0;\n"

  private static func power(_ start: String) -> String {
    """
    HELPER $T $power($T a, $T b) {
    \(start)  $U product = 1, square = ($U)a;
      for (; b > 0; b = ($T)(b / 2)) {
        if (b % 2 != 0) product *= square;
        square *= square;
      }
      return ($T)product;
    }
    """
  }

  private static func instantiate(_ text: String, _ type: ElementType) -> String {
    var result = ""
    for piece in text.split(separator: "$", omittingEmptySubsequences: false).enumerated() {
      if piece.offset == 0 { result += piece.element; continue }
      let name = piece.element.prefix { $0.isLetter || $0 == "_" }
      switch name {
      case "T": result += type.cName
      case "U": result += type.byteCount == 8 ? "uint64_t" : "uint32_t"
      case "W": result += "\(8 * type.byteCount)"
      default: result += "\(name)_\(type.rawValue)"
      }
      result += piece.element[name.endIndex...]
    }
    return result
  }
}

extension ElementType {
  /// True for the integer types that have negative numbers.
  var isSigned: Bool { (integerBounds?.lowerBound ?? 0) < 0 }
}
