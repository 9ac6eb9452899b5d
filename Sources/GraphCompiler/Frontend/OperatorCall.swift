import LoopIR
import SourceText

/// The arguments of one call of an operator, sorted into operands, attributes and arguments of the layer
/// form.
///
/// Tensors are operands, in order; compile-time values are attributes, positional ones in the order of
/// declaration. Numbers also stand for required operands that are not given: `add(x, 1)`. A layer that gets
/// fewer tensors than it requires makes the others itself: `conv(x, 6, kernel: 5)`.
struct OperatorCall<O: Op> {
  typealias Argument = Elaborator.Argument

  let range: SourceRange
  var op = O()
  var operands: [Argument] = []
  /// Arguments of the layer form, defaults filled in; nil in the written-out form.
  var layer: [String: Attribute]?
  /// Where attributes and layer arguments were given.
  var places: [String: SourceRange] = [:]
  private var named: [(place: Int, argument: Argument)] = []

  private static var layerArguments: [LayerArgument] { (O.self as? any LayerOp.Type)?.layerArguments ?? [] }
  private static var givenCount: Int { (O.self as? any LayerOp.Type)?.givenCount ?? 0 }
  /// `max(a, b, …)`: whatever is given is an operand.
  private static var takesOnlyOperands: Bool { O.fields.isEmpty && O.operands.last?.count == .variadic }
  private static var required: Int { O.operands.count { $0.count != .optional } }

  /// - Parameter range: the name of the operator, or the whole expression for an infix one.
  init(_ type: O.Type, _ arguments: [Argument], _ range: SourceRange) throws(Elaborator.Failure) {
    self.range = range
    let isLayer = O.self is any LayerOp.Type
    let tensors = arguments.count { $0.isTensor }
    if isLayer, tensors < Self.required { layer = [:] }
    var position = 0
    for argument in arguments {
      if let name = argument.name {
        try take(argument, named: name)
      } else if argument.isTensor || !isLayer && (operands.count < Self.required || Self.takesOnlyOperands) {
        operands.append(argument)
      } else {
        try take(argument, at: position)
        position += 1
      }
    }
    try placeNamedOperands()
    try checkLayerOperands()
    try fillLayerArguments()
  }

  /// Names of attributes in positional order.
  private var slots: [String] {
    (layer == nil ? [] : Self.layerArguments.map(\.name)) + O.fields.map(\.name)
  }

  private mutating func take(_ argument: Argument, at position: Int) throws(Elaborator.Failure) {
    guard position < slots.count else {
      throw .mistake(
        "too-many-arguments", "'\(O.name)' takes \(Self.signature(layer != nil)), found another argument",
        at: argument.range)
    }
    try set(slots[position], argument)
  }

  private mutating func take(
    _ argument: Argument, named name: NameSyntax
  ) throws(Elaborator.Failure) {
    let isAttribute = slots.contains(name.text)
    if let place = O.operands.firstIndex(where: { $0.name == name.text }), argument.isTensor || !isAttribute {
      return named.append((place, argument))
    }
    if isAttribute { return try set(name.text, argument) }
    let shown = name.text.clipped(to: 60)
    if Self.layerArguments.contains(where: { $0.name == name.text }) {
      throw .mistake(
        "unknown-argument", "'\(O.name)' with its parameters written out has no argument '\(shown)'",
        at: name.range,
        help: "it follows from the shapes of the parameters")
    }
    let known = Self.layerArguments.map(\.name) + O.fields.map(\.name) + O.operands.map(\.name)
    throw .mistake(
      "unknown-argument", "'\(O.name)' has no argument '\(shown)'", at: name.range,
      help: didYouMean(name.text, among: known) ?? "it takes \(Self.signature(layer != nil))")
  }

  private mutating func set(_ name: String, _ argument: Argument) throws(Elaborator.Failure) {
    guard places.updateValue(argument.range, forKey: name) == nil else {
      throw .mistake(
        "duplicate-argument", "'\(name)' is given twice", at: argument.name?.range ?? argument.range)
    }
    guard case .constant(let value) = argument.item else {
      throw .mistake(
        "not-compile-time", "expected a value known at compile time for '\(name)', found a tensor",
        at: argument.range)
    }
    if value.holdsNaN {
      throw .mistake("type-mismatch", "expected numbers for '\(name)', found nan", at: argument.range)
    }
    guard let field = O.fields.first(where: { $0.name == name }) else {
      layer?[name] = value
      return
    }
    do {
      try field.set(&op, value)
    } catch {
      throw .mistake(
        "type-mismatch", "expected \(error.expectation) for '\(name)', found \(value)", at: argument.range)
    }
  }

  private mutating func placeNamedOperands() throws(Elaborator.Failure) {
    for (place, argument) in named.sorted(by: { $0.place < $1.place }) {
      let name = O.operands[place].name
      if place < operands.count {
        throw .mistake("duplicate-argument", "'\(name)' is given twice", at: argument.range)
      }
      if place > operands.count {
        throw .mistake(
          "missing-argument", "'\(O.name)' needs '\(O.operands[operands.count].name)' before '\(name)'",
          at: argument.range)
      }
      operands.append(argument)
    }
  }

  private func checkLayerOperands() throws(Elaborator.Failure) {
    guard layer != nil, operands.count != Self.givenCount else { return }
    let found = operands.count == 1 ? "1 tensor" : "\(operands.count) tensors"
    throw .mistake(
      "operand-mismatch", "'\(O.name)' takes \(Self.signature(true)), found \(found)", at: range,
      help: "with parameters written out, it takes \(Self.signature(false))")
  }

  private mutating func fillLayerArguments() throws(Elaborator.Failure) {
    guard layer != nil else { return }
    var missing: [String] = []
    for argument in Self.layerArguments where layer?[argument.name] == nil {
      if let value = argument.defaultValue {
        layer?[argument.name] = value
      } else {
        missing.append(argument.name)
      }
    }
    if missing.isEmpty { return }
    let list = missing.map { "'\($0)'" }.joined(separator: " and ")
    throw .mistake(
      "missing-argument", "'\(O.name)' needs \(list)", at: range, help: "it takes \(Self.signature(true))")
  }

  /// `(x, channels, kernel, stride, …)`.
  private static func signature(_ isLayer: Bool) -> String {
    let names = O.operands.prefix(isLayer ? givenCount : O.operands.count).map(\.description)
    let attributes = (isLayer ? layerArguments.map(\.name) : []) + O.fields.map { "\($0.name):" }
    return "(\((names + attributes).joined(separator: ", ")))"
  }
}
