import LoopIR

/// Products of elements that share labels, summed over the labels that the result does not have.
struct Einsum: PrimitiveOp {
  static let name = "einsum"
  static let summary = "sum of products in Einstein's notation: \"ij,jk->ik\" is a matrix product (Einstein 1916)"
  static let operands = [Operand("x", .variadic)]
  static let fields: [Field<Self>] = [
    .field("equation", \.equation, "labels of each operand's axes, \"->\", labels of the result", onnx: "equation")
  ]
  static let onnx: [ONNXRule] = [reads("Einsum")]
  static let examples = [
    "einsum(f32[2, 3], f32[3, 4], equation: \"ij,jk->ik\")", "einsum(f32[2, 3, 3], equation: \"...ii->...i\")",
    "einsum(f32[3], f32[3], equation: \"i,i\")", "einsum(i32[2, 3], equation: \"ij->j\")",
    "einsum(f32[2, 1, 3, 4], f32[5, 4, 2], equation: \"...ij,...jk\")",
  ]

  var equation = ""

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let element = try Self.requireSame(operands, in: .number)
    let labels = try EinsumLabels(equation, operands.map(\.shape))
    return [TensorType(element, labels.result.map { labels.extents[$0] ?? 1 })]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let labels = Self.typed { () throws(OpError) in try EinsumLabels(equation, operands.map(\.shape)) }
    let axes = Equation.axes(of: results[0])
    var axisOf = Dictionary(zip(labels.result, axes), uniquingKeysWith: { first, _ in first })
    let names = ["p", "q", "r", "s", "t", "u", "v"]
    let summed = labels.summed.enumerated().map { place, label in
      let axis = Axis(place < names.count ? names[place] : "r\(place)", labels.extents[label] ?? 1)
      axisOf[label] = axis
      return axis
    }
    let factors = zip(operands, labels.operands).map { tensor, own in
      tensor[
        zip(own, tensor.shape).map { label, extent in
          extent == 1 ? Index.constant(0) : axisOf[label]?.index ?? .constant(0)
        }]
    }
    let product = factors.dropFirst().reduce(factors[0]) { $0 * $1 }
    return [Equation(results[0], axes, reduce(.sum, summed, product))]
  }
}

/// An equation of `einsum`, read for operands of certain shapes.
struct EinsumLabels {
  /// The label of an axis.
  enum Label: Hashable {
    case letter(Character)
    /// One of the axes that an ellipsis stands for, counted from the last.
    case other(Int)
  }

  private(set) var operands: [[Label]] = []
  private(set) var result: [Label] = []
  private(set) var extents: [Label: Int] = [:]
  /// In the order in which they first occur.
  private(set) var summed: [Label] = []

  init(_ equation: String, _ shapes: [[Int]]) throws(OpError) {
    let text = equation.filter { $0 != " " }
    let sides = text.split(separator: "->", omittingEmptySubsequences: false)
    guard sides.count <= 2 else { throw Self.mistake("one '->'", equation) }
    let terms = sides[0].split(separator: ",", omittingEmptySubsequences: false)
    guard terms.count == shapes.count else {
      throw Self.mistake("labels for \(shapes.count) operands", equation)
    }
    for (term, shape) in zip(terms, shapes) {
      operands.append(try Self.labels(of: term, rank: shape.count, equation))
    }
    try measure(shapes)
    let all = operands.flatMap { $0 }
    let others = extents.keys.compactMap { if case .other(let place) = $0 { place } else { nil } }
    let ellipsis = others.sorted(by: >).map { Label.other($0) }
    if sides.count == 2 {
      let letters = sides[1].filter { $0 != "." }.count
      let hasEllipsis = sides[1].contains(".")
      result = try Self.labels(of: sides[1], rank: letters + (hasEllipsis ? ellipsis.count : 0), equation)
      guard Set(result).count == result.count, result.allSatisfy({ extents[$0] != nil }) else {
        throw Self.mistake("each label of the result once, among those of the operands", equation)
      }
    } else {
      let single = all.filter { label in all.count { $0 == label } == 1 }
      let letters = single.compactMap { if case .letter(let letter) = $0 { letter } else { nil } }
      result = ellipsis + letters.sorted().map { .letter($0) }
    }
    for label in all where !result.contains(label) && !summed.contains(label) { summed.append(label) }
  }

  /// `b...ij` for a tensor of that rank.
  private static func labels(of term: Substring, rank: Int, _ equation: String) throws(OpError) -> [Label] {
    let parts = term.split(separator: "...", omittingEmptySubsequences: false)
    let letters = parts.joined()
    guard parts.count <= 2, letters.allSatisfy({ $0.isASCII && $0.isLetter }) else {
      throw mistake("letters and at most one '...'", equation)
    }
    let missing = rank - letters.count
    guard parts.count == 2 ? missing >= 0 : missing == 0 else {
      throw mistake("\(rank) labels, found '\(term)'", equation)
    }
    let ellipsis = parts.count == 2 ? (0..<missing).reversed().map { Label.other($0) } : []
    let rest = parts.count == 2 ? parts[1].map { Label.letter($0) } : []
    return parts[0].map { .letter($0) } + ellipsis + rest
  }

  private mutating func measure(_ shapes: [[Int]]) throws(OpError) {
    for (own, shape) in zip(operands, shapes) {
      for (label, extent) in zip(own, shape) {
        let known = extents[label] ?? 1
        guard known == 1 || extent == 1 || known == extent else {
          throw OpError("a label stands for extents \(known) and \(extent)", at: .field("equation"))
        }
        extents[label] = known == 1 ? extent : known
      }
    }
  }

  private static func mistake(_ expected: String, _ equation: String) -> OpError {
    OpError("expected \(expected) in equation '\(equation)'", at: .field("equation"))
  }
}
