/// How many floats a mathematical function works on at a time, and what its names are in C.
struct LaneShape {
  let prefix: String
  let lanes: Int
  let qualifiers: String

  init(prefix: String, lanes: Int, qualifiers: String) {
    precondition(lanes >= 1 && lanes & (lanes - 1) == 0, "a vector has a power of two of lanes, not \(lanes)")
    self.prefix = prefix
    self.lanes = lanes
    self.qualifiers = qualifiers
  }

  var isScalar: Bool { lanes == 1 }

  /// What every name starts with: nothing where there is no prefix.
  private var start: String { prefix.isEmpty ? "" : prefix + "_" }

  /// The C name of the function that templates call `$name`.
  func function(_ name: String) -> String {
    isScalar ? "\(start)\(name)_f32" : "\(start)\(name)_f32x\(lanes)"
  }

  /// The element types that templates name with one letter.
  private static let elements: [(letter: String, scalar: String, vector: String, bytes: Int)] = [
    ("F", "float", "f32", 4),
    ("I", "int32_t", "i32", 4),
    ("U", "uint32_t", "u32", 4),
    ("D", "double", "f64", 8),
  ]

  /// What a placeholder, given without its dollar sign, stands for, or nil if it names a function.
  func replacement(for placeholder: String) -> String? {
    switch placeholder {
    case "static": return qualifiers
    case "LANES": return String(lanes)
    default:
      guard let element = Self.elements.first(where: { $0.letter == placeholder }) else { return nil }
      return isScalar ? element.scalar : "\(start)\(element.vector)x\(lanes)"
    }
  }

  /// The vector types that template text mentions. C11 lets a file declare them again.
  func typedefs(usedIn template: String) -> String {
    guard !isScalar else { return "" }
    let used = Set(placeholders(in: template))
    let lines = Self.elements.filter { used.contains($0.letter) }.map { element in
      let name = "\(start)\(element.vector)x\(lanes)"
      let size = "__attribute__((vector_size(\(element.bytes * lanes))))"
      return "typedef \(element.scalar) \(name) \(size);\n"
    }
    return lines.joined()
  }
}
