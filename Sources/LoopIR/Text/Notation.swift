/// How the text form spells functions; the printer and the parser share it.
extension UnaryFunction {
  /// `f` of `f(x)`; nil for negation, which is a sign.
  var spelling: String? {
    switch self {
    case .negate: nil
    case .absolute: "abs"
    case .isNaN: "isnan"
    case .exp, .log, .sqrt, .sin, .cos, .tan, .tanh, .erf, .floor, .ceil, .round, .not, .asin, .acos, .atan,
      .sinh, .cosh, .asinh, .acosh, .atanh:
      rawValue
    }
  }

  init?(spelling: String) {
    guard let function = Self.allCases.first(where: { $0.spelling == spelling }) else { return nil }
    self = function
  }
}

extension BinaryFunction {
  /// How tightly an operator binds, and how it is spelled; nil for functions that are written as calls.
  var notation: (precedence: Precedence, spelling: String)? {
    switch self {
    case .or: (.disjunction, "or")
    case .and: (.conjunction, "and")
    case .equal: (.comparison, "==")
    case .notEqual: (.comparison, "!=")
    case .less: (.comparison, "<")
    case .lessEqual: (.comparison, "<=")
    case .add: (.sum, "+")
    case .subtract: (.sum, "-")
    case .multiply: (.product, "*")
    case .divide: (.product, "/")
    case .modulo: (.product, "%")
    case .minimum, .maximum, .power, .bitAnd, .bitOr, .bitXor, .shiftLeft, .shiftRight: nil
    }
  }

  /// `f` of `f(a, b)`.
  private var callSpelling: String? {
    switch self {
    case .minimum: "min"
    case .maximum: "max"
    case .power: "pow"
    case .bitAnd: "bitand"
    case .bitOr: "bitor"
    case .bitXor: "bitxor"
    case .shiftLeft: "shl"
    case .shiftRight: "shr"
    case .add, .subtract, .multiply, .divide, .modulo, .equal, .notEqual, .less, .lessEqual, .and, .or: nil
    }
  }

  var spelling: String { callSpelling ?? notation?.spelling ?? rawValue }

  init?(callSpelling: String) {
    guard let function = Self.allCases.first(where: { $0.callSpelling == callSpelling }) else { return nil }
    self = function
  }

  init?(infix spelling: String, _ precedence: Precedence) {
    guard let matching = Self.infixes[precedence.rawValue].first(where: { $0.spelling == spelling }) else {
      return nil
    }
    self = matching.function
  }

  /// The operators of every level.
  private static let infixes: [[(spelling: String, function: BinaryFunction)]] = Precedence.allCases.map { level in
    allCases.compactMap { function in
      guard let notation = function.notation, notation.precedence == level else { return nil }
      return (notation.spelling, function)
    }
  }
}

/// Levels of the expression grammar, the loosest first. A reduction `sum(c) a * b` reaches over one product.
enum Precedence: Int, Comparable, CaseIterable {
  case disjunction, conjunction, comparison, sum, product, sign, primary

  static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }

  var next: Precedence { Precedence(rawValue: rawValue + 1) ?? .primary }
}

/// Words of the expression grammar that no axis, local or tensor is called before a bracket.
enum Word {
  static let select = "select"
  /// Random bits.
  static let random = "philox"
  /// A position as a number.
  static let index = "index"
  /// A number as a position.
  static let position = "int"
  static let infinity = "inf"
  static let notANumber = "nan"
}
