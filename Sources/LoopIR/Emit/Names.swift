/// C identifiers for names of graphs, values and axes.
package enum Names {
  /// `conv1.weight` → `conv1_weight`; a keyword or a leading digit gets an underscore.
  package static func identifier(_ name: String) -> String {
    var text = ""
    for scalar in name.unicodeScalars {
      let isWord = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
      text.unicodeScalars.append(isWord ? scalar : "_")
    }
    if text.isEmpty || ("0"..."9").contains(text.unicodeScalars.first ?? "0") { text = "_" + text }
    return reserved.contains(text) ? text + "_" : text
  }

  /// Identifiers for all names, distinct: a second `a_b` becomes `a_b_2`.
  package static func identifiers(_ names: [String], avoiding taken: Set<String> = []) -> [String] {
    var used = taken
    return names.map { name in
      let base = identifier(name)
      var candidate = base
      var number = 1
      while !used.insert(candidate).inserted {
        number += 1
        candidate = "\(base)_\(number)"
      }
      return candidate
    }
  }

  private static let reserved: Set<String> = [
    "auto", "bool", "break", "case", "char", "class", "const", "continue", "default", "delete", "do",
    "double",
    "else", "enum", "extern", "false", "float", "for", "func", "goto", "if", "import", "in", "init", "inline",
    "int", "let", "long", "new", "nil", "operator", "private", "protocol", "public", "register", "restrict",
    "return", "self", "short", "signed", "sizeof", "static", "struct", "switch", "template", "this", "true",
    "typedef", "union", "unsigned", "var", "void", "volatile", "where", "while",
  ]
}

extension ElementType {
  /// The C type of an element.
  package var cName: String {
    switch self {
    case .f16, .bf16: "uint16_t"
    case .f32: "float"
    case .f64: "double"
    case .bool, .u8: "uint8_t"
    case .i8: "int8_t"
    case .u16: "uint16_t"
    case .i16: "int16_t"
    case .u32: "uint32_t"
    case .i32: "int32_t"
    case .u64: "uint64_t"
    case .i64: "int64_t"
    }
  }
}
