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
