/// An attribute of an operator, declared once for the parser, the printer and the documentation.
package struct Field<Root>: Sendable {
  package var name: String
  /// One line for `graphc ops`: meaning and unit.
  package var summary: String
  /// The attribute of ONNX operators that says the same in the same form.
  package var onnx: String?
  package var get: @Sendable (Root) -> Attribute
  package var set: @Sendable (inout Root, Attribute) throws(AttributeError) -> Void

  /// A field that lives in a property; the property's initial value is the default.
  package static func field<T: AttributeConvertible>(
    _ name: String, _ path: WritableKeyPath<Root, T> & Sendable, _ summary: String, onnx: String? = nil
  ) -> Field {
    Field(
      name: name, summary: summary, onnx: onnx,
      get: { $0[keyPath: path].attribute },
      set: { (root: inout Root, value: Attribute) throws(AttributeError) in
        root[keyPath: path] = try T(attribute: value)
      })
  }
}

/// What a field says in one operator: without the operator's type, for code that all operators share.
package struct FieldValue: Sendable {
  /// The attribute of ONNX operators that says the same in the same form.
  package var onnx: String?
  package var value: Attribute
  package var defaultValue: Attribute
}

extension Op {
  /// The values of all fields, in declaration order.
  package var fieldValues: [FieldValue] {
    let defaults = Self()
    return Self.fields.map { FieldValue(onnx: $0.onnx, value: $0.get(self), defaultValue: $0.get(defaults)) }
  }
}
