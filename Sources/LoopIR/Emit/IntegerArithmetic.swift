/// Arithmetic on whole numbers as the interpreter has it: results wrap, and division by 0 is 0. In C both are undefined
/// for signed numbers, so that generated kernels call `add_i32(a, b)` instead of `a + b`.
enum IntegerArithmetic {
  /// The name of the helper; nil where the C operator has the same meaning.
  static func helper(_ function: BinaryFunction, _ type: ElementType) -> String? {
    if type.isFloatingPoint || type == .bool { return nil }
    switch function {
    case .add, .subtract, .multiply, .divide: return "\(function.rawValue)_\(type.rawValue)"
    case .minimum, .maximum, .power, .modulo, .equal, .notEqual, .less, .lessEqual, .and, .or: return nil
    }
  }

  static let helpers: [(name: String, text: String)] = ElementType.allCases.flatMap { type in
    [BinaryFunction.add, .subtract, .multiply, .divide].compactMap { function in
      helper(function, type).map { (name: $0, text: definition($0, function, type)) }
    }
  }

  private static func definition(_ name: String, _ function: BinaryFunction, _ type: ElementType) -> String {
    let c = type.cName
    let head = "HELPER \(c) \(name)(\(c) a, \(c) b)"
    if function != .divide {
      let sign = function.infix?.symbol ?? "+"
      return "\(head) { return (\(c))((uint64_t)a \(sign) (uint64_t)b); }"
    }
    if type.integerBounds?.lowerBound == 0 { return "\(head) { return b == 0 ? 0 : a / b; }" }
    return """
      \(head) {
        if (b == 0) return 0;
        return b == -1 ? (\(c))(0 - (uint64_t)a) : (\(c))(a / b);
      }
      """
  }
}
