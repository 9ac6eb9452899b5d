/// An operator as documentation shows it: everything that its declaration says, as text.
package struct OpDescription: Sendable, Hashable {
  /// An attribute, or an argument of the layer form.
  package struct Argument: Sendable, Hashable {
    package var name: String
    /// nil where the argument must be given.
    package var defaultValue: Attribute?
    package var summary: String
  }

  package var name: String
  package var summary: String
  package var operands: [Operand]
  package var attributes: [Argument]
  /// Of the form that makes its own parameters; empty for operators without.
  package var layerArguments: [Argument]
  package var examples: [String]

  package init(_ type: any Op.Type) {
    self = Self.describe(type)
  }

  private init<T: Op>(of type: T.Type) {
    name = T.name
    summary = T.summary
    operands = T.operands
    let initial = T()
    attributes = T.fields.map { field in
      Argument(name: field.name, defaultValue: field.get(initial), summary: field.summary)
    }
    let layer = (type as? any LayerOp.Type)?.layerArguments ?? []
    layerArguments = layer.map { Argument(name: $0.name, defaultValue: $0.defaultValue, summary: $0.summary) }
    examples = T.examples
  }

  private static func describe<T: Op>(_ type: T.Type) -> OpDescription {
    OpDescription(of: type)
  }

  /// `conv(x, w, b?)`.
  package var signature: String {
    "\(name)(\(operands.map(\.description).joined(separator: ", ")))"
  }

  /// `conv(channels, kernel:, bias: true)`, as a stage of a chain.
  package var layerForm: String? {
    if layerArguments.isEmpty { return nil }
    let arguments = layerArguments.map { argument in
      argument.defaultValue.map { "\(argument.name): \($0)" } ?? argument.name
    }
    return "\(name)(\(arguments.joined(separator: ", ")))"
  }
}
