/// The C text of one function, written once for every number of lanes.
///
/// A placeholder is a dollar sign and an identifier:
/// `$F $I $U $D` are the vectors of `float`, `int32_t`, `uint32_t` and `double`; `$LANES` is their length;
/// `$static` stands for the qualifiers of a function; any other `$name` is the function of that name, of the
/// same shape. A comparison is a condition: 0 or 1 for one lane, 0 or -1 in each of several. Conditions
/// combine with `&` and `|` and are of use to `$select` and `$any` alone.
struct MathTemplate {
  let name: String
  private let scalar: String
  private let vector: String
  /// Texts for vectors of just so many lanes, where an instruction set has something of its own.
  private let special: [Int: String]

  /// A function whose text is the same for every shape.
  init(_ name: String, _ text: String) {
    self.init(name, scalar: text, vector: text)
  }

  /// A function that C has to be told differently for one lane and for several.
  init(_ name: String, scalar: String, vector: String, special: [Int: String] = [:]) {
    self.name = name
    self.scalar = scalar
    self.vector = vector
    self.special = special
  }

  func text(for shape: LaneShape) -> String { shape.isScalar ? scalar : special[shape.lanes] ?? vector }

  /// The text with all placeholders replaced, ending in a newline.
  func instantiate(for shape: LaneShape) -> String {
    replacePlaceholders(in: text(for: shape)) { shape.replacement(for: $0) ?? shape.function($0) } + "\n"
  }

  /// The text for plain numbers in double precision, without its comment: `1.0f` becomes `1.0`, `$log` is `log_f64`.
  var inDoublePrecision: String {
    let lines = scalar.split(separator: "\n").filter { !$0.hasPrefix("//") }
    let code = replacePlaceholders(in: lines.joined(separator: "\n")) { name in
      ["static": "HELPER", "F": "double", "I": "int"][name] ?? "\(name)_f64"
    }
    return code.replacing(#/([0-9])f\b/#) { "\($0.1)" }
  }

  /// Every template, callees before callers, which is the order C wants.
  static let all: [MathTemplate] =
    laneOperations + laneMemory + [
      abs, trunc, round, floor, ceil, sqrt,
      expm1Polynomial, expm1Reduced, expm1, timesPowerOfTwo, exp, splitExponent, log, tanh, erf,
      reduceLarge, reduceQuarterTurns, sinPolynomial, cosPolynomial, sin, cos, tan, pow, atan,
    ] + derived

  /// The templates of the functions in `names` and of what they call, in the order of `all`.
  static func closure(of names: Set<String>) -> [MathTemplate] {
    var needed = names
    for template in all.reversed() where needed.contains(template.name) {
      let mentioned = placeholders(in: template.scalar) + placeholders(in: template.vector)
      needed.formUnion(mentioned)
    }
    return all.filter { needed.contains($0.name) }
  }
}

/// The placeholders of template text in order, without their dollar signs.
func placeholders(in text: String) -> [String] {
  var found: [String] = []
  _ = replacePlaceholders(in: text) { name in
    found.append(name)
    return ""
  }
  return found
}

private func replacePlaceholders(in text: String, with replacement: (String) -> String) -> String {
  var result = ""
  var rest = text[...]
  while let dollar = rest.firstIndex(of: "$") {
    result += rest[..<dollar]
    rest = rest[rest.index(after: dollar)...]
    let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    result += replacement(String(name))
    rest = rest[name.endIndex...]
  }
  return result + rest
}
