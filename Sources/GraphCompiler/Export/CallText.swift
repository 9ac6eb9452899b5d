import LoopIR

/// How the text of a call is written: what stands for each operand, and the attributes in their shortest
/// form.
struct CallText {
  /// Operators that are written between their operands, and their signs.
  static let signs: [String: String] = [
    "add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "^", "equal": "==", "not_equal": "!=", "less": "<",
    "less_equal": "<=", "greater": ">", "greater_equal": ">=",
  ]
  /// Attributes that need no name where they come first: `maxpool(2)`, `reshape([1, 6])`.
  private static let unnamed: Set<String> = ["channels", "kernel", "shape", "perm", "block"]

  /// Names or numbers; the parameters that a layer makes itself are not among them.
  var operands: [String]
  var arguments: [String]
  let name: String
  let sign: String?

  /// - Parameter layer: the arguments of the layer form, where the parameters are left to it.
  init(_ op: any Op, _ types: [TensorType], _ operands: [String], layer: [(name: String, value: Attribute)]?)
  {
    self.operands = operands
    name = type(of: op).name
    sign = Self.signs[name]
    let attributes = op.shortAttributes(types)
    // Only what is written first can go without its name.
    let slots = Self.slots(op, isLayer: layer != nil)
    arguments = ((layer ?? []) + attributes).enumerated().map { place, argument in
      let isBare = place == 0 && slots.first == argument.name && Self.unnamed.contains(argument.name)
      return isBare ? argument.value.description : "\(argument.name): \(argument.value)"
    }
  }

  private static func slots<O: Op>(_ op: O, isLayer: Bool) -> [String] {
    let layer = (O.self as? any LayerOp.Type)?.layerArguments.map(\.name) ?? []
    return (isLayer ? layer : []) + O.fields.map(\.name)
  }

  /// `conv(64, kernel: 3)`, or `relu` alone: what stands behind an arrow.
  var stage: String {
    let rest = operands.dropFirst() + arguments
    return rest.isEmpty ? name : "\(name)(\(rest.joined(separator: ", ")))"
  }

  /// `a + b`, `concat(a, b)`: an expression of its own.
  var expression: String {
    // A number before the sign of a power could bring a minus of its own.
    if let sign, operands.count == 2, sign != "^" || operands[0].first?.isLetter == true {
      return "\(operands[0]) \(sign) \(operands[1])"
    }
    return "\(name)(\((operands + arguments).joined(separator: ", ")))"
  }
}

extension Op {
  /// What `writtenAttributes` gives, in the shortest form that means the same: one number for a list of equal
  /// ones, the first half of a list whose halves are equal.
  func shortAttributes(_ operands: [TensorType]) -> [(name: String, value: Attribute)] {
    var written = writtenAttributes(operands)
    var short = Self()
    for (name, value) in written { try? short.set(name, value) }
    for place in written.indices {
      for candidate in written[place].value.shorterForms {
        var shorter = short
        guard (try? shorter.set(written[place].name, candidate)) != nil else { continue }
        var resolved = shorter
        guard (try? resolved.resolve(operands)) != nil, resolved == self else { continue }
        short = shorter
        written[place].value = candidate
        break
      }
    }
    return written
  }

  private mutating func set(_ name: String, _ value: Attribute) throws(AttributeError) {
    guard let field = Self.fields.first(where: { $0.name == name }) else { return }
    try field.set(&self, value)
  }
}

extension Attribute {
  /// Ways to say the same in less, the shortest first; which of them an operator takes is its own business.
  fileprivate var shorterForms: [Attribute] {
    switch self {
    case .float(let number):
      guard let whole = Int(exactly: number), abs(whole) < 1_000_000, whole != 0 || number.sign == .plus
      else {
        return []
      }
      return [.int(whole)]
    case .int, .bool, .string: return []
    case .list(let values):
      guard let first = values.first else { return [] }
      if values.allSatisfy({ $0 == first }) { return [first] }
      let half = values.count / 2
      guard values.count > 2, values.count.isMultiple(of: 2), values[..<half] == values[half...] else {
        return []
      }
      return [.list(Array(values[..<half]))]
    }
  }
}
