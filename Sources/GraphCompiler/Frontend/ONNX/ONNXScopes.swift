import SourceText

/// Bodies and functions, which are read as if their nodes stood in the graph.
extension ONNXImporter {
  /// An attribute value; one that refers to an attribute of the function around it is looked up.
  func resolved(_ value: ONNXAttribute.Value?) throws(OpError) -> ONNXAttribute.Value? {
    guard case .reference(let name)? = value else { return value }
    return scopes.last?.attributes[name]
  }

  func function(of node: ONNXNode) -> ONNXFunction? {
    model.functions.first { $0.name == node.type && $0.domain == node.domain && $0.overload == node.overload }
  }

  func inline(_ function: ONNXFunction, _ node: ONNXNode, _ inputs: [Value?]) throws(CompileError) {
    guard scopes.count < Self.depthLimit else {
      throw report.failure("function '\(function.name)' nests more than \(Self.depthLimit) deep: it may call itself")
    }
    var scope = ONNXScope(opsets: model.opsets.merging(function.opsets) { _, own in own })
    for attribute in function.attributes { scope.attributes[attribute.name] = attribute.value }
    for attribute in node.attributes { scope.attributes[attribute.name] = attribute.value }
    for (name, value) in zip(function.inputs, inputs) where !name.isEmpty {
      scope.values[name] = value.map { .value($0) } ?? .absent
    }
    for name in function.inputs.dropFirst(inputs.count) { scope.values[name] = .absent }
    scopes.append(scope)
    defer { scopes.removeLast() }
    for inner in function.nodes { try read(inner) }
    let entries = function.outputs.map { lookUp($0) }
    for (name, entry) in zip(node.outputs, entries) where !name.isEmpty {
      guard let entry else {
        throw report.failure("function '\(function.name)' does not compute its output '\(name)'")
      }
      scopes[scopes.count - 2].values[name] = entry
      guard case .value(let value) = entry, scopes.count == 2 else { continue }
      names.add(name, builder.graph[value].name)
    }
  }

  /// Reads the nodes of a body that has no inputs; its outputs.
  func inline(_ range: Range<Int>) throws -> [Value?] {
    guard scopes.count < Self.depthLimit else {
      throw report.failure("bodies of nodes nest more than \(Self.depthLimit) deep")
    }
    let body: ONNXGraph
    do throws(WireError) {
      body = try file.withBytes { bytes throws(WireError) in try ONNXModelReader(bytes: bytes).graph(range) }
    } catch {
      throw report.failure("a body is malformed: \(error.message) (byte \(error.offset))")
    }
    guard let outer = scopes.last else { preconditionFailure("a body outside of a graph") }
    scopes.append(ONNXScope(opsets: outer.opsets, attributes: outer.attributes, seesOuter: true))
    let scopeName = builder.scope
    defer {
      scopes.removeLast()
      builder.scope = scopeName
    }
    builder.scope = nil
    try readInitializers(body, overridable: [])
    for node in body.nodes { try read(node) }
    return body.outputs.map { output in
      if case .value(let value)? = lookUp(output.name) { value } else { nil }
    }
  }
}
