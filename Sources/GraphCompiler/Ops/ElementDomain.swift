import LoopIR

/// The element types that an operator takes.
package enum ElementDomain: Sendable {
  case floating, number, signed, integer, logic, any

  package func contains(_ element: ElementType) -> Bool {
    switch self {
    case .floating: element.isFloatingPoint
    case .number: element != .bool
    case .signed: element.isFloatingPoint || (element.integerBounds?.lowerBound ?? 0) < 0
    case .integer: !element.isFloatingPoint && element != .bool
    case .logic: element == .bool
    case .any: true
    }
  }

  fileprivate var description: String {
    switch self {
    case .floating: "floating point"
    case .number: "numbers"
    case .signed: "floating point or signed integers"
    case .integer: "integers"
    case .logic: "bool"
    case .any: "anything"
    }
  }

  fileprivate var cure: String {
    switch self {
    case .floating, .number, .signed, .any: "use cast(x, to: \"f32\")"
    case .integer: "use cast(x, to: \"i64\")"
    case .logic: "compare it, as in x != 0"
    }
  }
}

/// The checks of one operator, by its name: code that all operators share, instead of a copy for each of them.
private struct DomainCheck {
  var op: String

  func require(_ domain: ElementDomain, _ type: TensorType, operand place: Int) throws(OpError) {
    if domain.contains(type.element) { return }
    throw OpError(
      "'\(op)' takes \(domain.description), found \(type)", at: .operand(place), kind: .unsupported,
      help: domain.cure)
  }

  func requireSame(_ operands: [TensorType], in domain: ElementDomain) throws(OpError) -> ElementType {
    for (place, type) in operands.enumerated() { try require(domain, type, operand: place) }
    return try requireSame(operands.map(\.element))
  }

  func requireSame(_ elements: [ElementType]) throws(OpError) -> ElementType {
    for (place, element) in elements.enumerated() where element != elements[0] {
      throw OpError(
        "operands of '\(op)' differ in type: \(elements[0]) and \(element)", at: .operand(place),
        help: "use cast(x, to: \"\(elements[0])\")")
    }
    return elements[0]
  }
}

extension Op {
  /// Throws unless the operand's element type lies in the domain.
  package static func require(
    _ domain: ElementDomain, _ type: TensorType, operand place: Int = 0
  ) throws(OpError) {
    try DomainCheck(op: name).require(domain, type, operand: place)
  }

  /// Throws unless the operand is floating point.
  package static func requireFloat(_ type: TensorType, operand place: Int = 0) throws(OpError) {
    try require(.floating, type, operand: place)
  }

  /// All operands must have one element type of the domain, which is returned.
  package static func requireSame(
    _ operands: [TensorType], in domain: ElementDomain
  ) throws(OpError) -> ElementType {
    try DomainCheck(op: name).requireSame(operands, in: domain)
  }

  /// All operands must have one element type, which is returned.
  package static func requireSame(_ elements: [ElementType]) throws(OpError) -> ElementType {
    try DomainCheck(op: name).requireSame(elements)
  }
}
