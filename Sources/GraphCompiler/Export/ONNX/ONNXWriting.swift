import LoopIR

/// One use of an operator while it is written as ONNX nodes: what it can ask, and how it writes.
package final class ONNXWriting {
  /// Types of the operands and of the results.
  package let types: [TensorType]
  package let resultTypes: [TensorType]
  /// Names of the operands and of the results.
  package let operands: [String]
  package let results: [String]
  private let model: ONNXModelWriter

  init(_ node: Node, in graph: Graph, _ names: [Value: String], _ model: ONNXModelWriter) {
    types = graph.types(of: node.operands)
    resultTypes = graph.types(of: node.results)
    operands = node.operands.map { names[$0] ?? graph[$0].name }
    results = node.results.map { names[$0] ?? graph[$0].name }
    self.model = model
  }

  /// A node with one result that other nodes of this operator use; its name.
  /// - Parameters:
  ///   - inputs: nil for an optional one that is not given.
  ///   - version: the operator set from which on ONNX has it as it is meant here.
  package func node(
    _ type: String, _ inputs: [String?], _ attributes: KeyValuePairs<String, Attribute> = [:],
    since version: Int = 1
  ) -> String {
    node(type, inputs, list: attributes.map { ($0.key, $0.value) }, since: version)
  }

  /// - Parameter first: results of the operator that the node gives before the one that is returned.
  package func node(
    _ type: String, _ inputs: [String?], list attributes: [(String, Attribute)], with first: [String] = [],
    since version: Int = 1
  ) -> String {
    let name = model.freshName(results[0])
    model.append(type, inputs, first + [name], attributes, since: version)
    return name
  }

  /// The node whose results are those of the operator.
  /// - Parameters:
  ///   - inputs: by default the operands.
  ///   - outputs: by default all results.
  package func finish(
    _ type: String, _ inputs: [String?]? = nil, _ attributes: KeyValuePairs<String, Attribute> = [:],
    to outputs: [String]? = nil, since version: Int = 1
  ) {
    model.append(
      type, inputs ?? operands, outputs ?? results, attributes.map { ($0.key, $0.value) }, since: version)
  }

  package func finish(
    _ type: String, _ inputs: [String?]? = nil, list attributes: [(String, Attribute)], since version: Int = 1
  ) {
    model.append(type, inputs ?? operands, results, attributes, since: version)
  }

  package func constant(_ data: TensorData) -> String { model.constant(data) }

  package func ints(_ numbers: [Int]) -> String {
    constant(TensorData(TensorType(.i64, [numbers.count]), .integers(numbers.map(Int64.init))))
  }

  package func scalar(_ number: Double, _ element: ElementType) -> String {
    constant(TensorData(TensorType(element, []), doubles: [number]))
  }

  /// The operands, those cast to 64-bit integers that ONNX takes in no other type.
  package func operands(longAt places: Int...) -> [String] {
    operands.enumerated().map { place, name in
      guard places.contains(place), types[place].element != .i64 else { return name }
      return node("Cast", [name], ["to": .int(ElementType.i64.onnxNumber)])
    }
  }

  /// Where the plane of each channel of `[N, C, spatial…]` starts in row-major order, as `i64[N, C, 1…]`:
  /// ONNX counts places over the whole tensor, we count over one plane.
  package func planeStarts(_ shape: [Int]) -> String {
    let plane = shape.dropFirst(2).reduce(1, *)
    let starts = (0..<shape[0] * shape[1]).map { Int64($0 * plane) }
    return constant(
      TensorData(TensorType(.i64, shape[..<2] + shape.dropFirst(2).map { _ in 1 }), .integers(starts)))
  }
}

extension Op {
  /// Writes the operator as ONNX nodes; false where none says the same, so that its body has to.
  ///
  /// Where a rule reads an ONNX operator into this one as it is, the inverse of the rule writes it.
  package func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    if writeInverse(call) { return true }
    // What depends on nothing is a constant.
    let constant = call.operands.isEmpty ? KnownElements.results(of: self, []) : nil
    guard let results = constant, results.count == 1 else { return false }
    call.finish("Identity", [call.constant(results[0])])
    return true
  }

  /// The inverse of the rule for an ONNX operator that differs in nothing; false where there is none, or
  /// where a field without a counterpart says something.
  package func writeInverse(_ call: ONNXWriting) -> Bool {
    call.writeInverse(of: Self.onnx, fieldValues)
  }

  /// The fields that name their ONNX attribute; empty lists stand for none.
  package var onnxAttributes: [(String, Attribute)] { ONNXWriting.attributes(fieldValues) }
}

/// What a field says in one operator: without the operator's type, for code that all operators share.
private struct FieldValue {
  /// The attribute of ONNX operators that says the same in the same form.
  var onnx: String?
  var value: Attribute
  var defaultValue: Attribute
}

extension Op {
  /// The values of all fields, in declaration order.
  fileprivate var fieldValues: [FieldValue] {
    let defaults = Self()
    return Self.fields.map { FieldValue(onnx: $0.onnx, value: $0.get(self), defaultValue: $0.get(defaults)) }
  }
}

extension ONNXWriting {
  fileprivate func writeInverse(of rules: [ONNXRule], _ fields: [FieldValue]) -> Bool {
    guard let rule = rules.first(where: { $0.isInvertible }),
      fields.allSatisfy({ $0.onnx != nil || $0.value == $0.defaultValue })
    else { return false }
    finish(rule.name, list: Self.attributes(fields), since: rule.version)
    return true
  }

  fileprivate static func attributes(_ fields: [FieldValue]) -> [(String, Attribute)] {
    fields.compactMap { field in
      guard let name = field.onnx, field.value != .list([]) else { return nil }
      return (name, field.value)
    }
  }
}
