import SourceText

/// Bodies and functions, which are read as if their nodes stood in the graph.
extension ONNXImporter {
  /// An attribute value; one that refers to an attribute of the function around it is looked up.
  func resolved(_ value: ONNXAttribute.Value?) -> ONNXAttribute.Value? {
    guard case .reference(let name)? = value else { return value }
    return scopes.last?.attributes[name]
  }

  /// The elements of a constant tensor, wherever it stands.
  func elements(of tensor: ONNXTensor) throws(OpError) -> TensorData {
    let data = try tensors.read(tensor)
    if case .stored = data.storage, tensor.staysInFile { return data }
    if scopes.count > 1 {
      inlinedElements -= data.type.count + 1
      if inlinedElements < 0 { throw OpError("functions and bodies repeat too many constants", kind: .unsupported) }
    }
    return data
  }

  /// The function that the node calls; nil where it is an operator.
  func function(of node: ONNXNode) -> ONNXFunction? {
    functions.isEmpty ? nil : functions[ONNXFunctionKey(node)]
  }

  func inline(_ function: ONNXFunction, _ node: ONNXNode, _ inputs: [Value?]) throws(CompileError) {
    guard scopes.count < Self.depthLimit else {
      throw report.failure("function '\(function.name)' nests more than \(Self.depthLimit) deep: it may call itself")
    }
    var scope = ONNXScope(opsets: model.opsets.merging(function.opsets) { _, own in own })
    for attribute in function.attributes { scope.attributes[attribute.name] = attribute.value }
    for attribute in node.attributes {
      if let value = resolved(attribute.value) { scope.attributes[attribute.name] = value }
    }
    guard inputs.count <= function.inputs.count else {
      throw report.failure("\(node.place) has \(inputs.count) inputs, the function takes \(function.inputs.count)")
    }
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
