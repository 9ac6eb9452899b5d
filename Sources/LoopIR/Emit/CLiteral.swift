/// Numbers as C writes them.
enum CLiteral {
  /// The shortest literal of the type that reads back to the same value.
  static func text(_ value: Double, _ type: ElementType) -> String {
    switch type {
    case .f32, .f16, .bf16: floating("\(Float(value))", Float(value).isFinite, value, suffix: "f")
    case .f64: floating("\(value)", value.isFinite, value, suffix: "")
    case .bool: value == 0 ? "0" : "1"
    default: integer(value, type)
    }
  }

  private static func floating(_ text: String, _ isFinite: Bool, _ value: Double, suffix: String) -> String {
    if value.isNaN { return "__builtin_nan\(suffix)(\"\")" }
    if !isFinite { return (value < 0 ? "-" : "") + "__builtin_inf\(suffix)()" }
    return text + suffix
  }

  private static func integer(_ value: Double, _ type: ElementType) -> String {
    let bounds = type.integerBounds ?? -1...1
    let bounded = min(max(value.isNaN ? 0 : value, bounds.lowerBound), bounds.upperBound)
    let whole = Int64(exactly: bounded.rounded(.towardZero)) ?? (bounded > 0 ? Int64.max : Int64.min)
    if type == .u64, let whole = UInt64(exactly: bounded), whole > Int64.max { return "UINT64_C(\(whole))" }
    if type == .u64, bounded > 1e19 { return "UINT64_MAX" }
    if whole == Int64.min { return "INT64_MIN" }
    if whole == Int64(Int32.min) { return "INT32_MIN" }
    return abs(whole) > Int64(Int32.max) ? "INT64_C(\(whole))" : "\(whole)"
  }
}

/// A piece of a C expression: its text, and how tightly its outermost operator binds.
struct CText {
  enum Precedence: Int, Comparable {
    case conditional, or, and, bitOr, bitAnd, equality, relation, sum, product, unary, primary

    static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }
  }

  /// What the expression is in a vector loop: one number for all lanes, one for each, or a truth for each.
  enum Form { case scalar, vector, mask }

  var text: String
  var precedence: Precedence
  var form: Form

  init(_ text: String, _ precedence: Precedence = .primary, form: Form = .scalar) {
    self.text = text
    self.precedence = precedence
    self.form = form
  }

  /// The text as an operand of something that binds as tightly as `outer`; the right side of `-` and `/` asks
  /// for more.
  func within(_ outer: Precedence, isRight: Bool = false) -> String {
    precedence < outer || (isRight && precedence == outer) ? "(\(text))" : text
  }

  /// `left operator right`, both sides in the parentheses that they need.
  static func infix(_ left: CText, _ symbol: String, _ right: CText, _ precedence: Precedence) -> CText {
    let needsMore = symbol == "-" || symbol == "/" || symbol == "%"
    // Parentheses around a sum on the right keep the order of additions.
    let isRight = needsMore || symbol == "+" || symbol == "*"
    return CText(
      "\(left.within(precedence)) \(symbol) \(right.within(precedence, isRight: isRight))", precedence)
  }
}
