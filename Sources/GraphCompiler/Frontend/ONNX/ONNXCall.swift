import LoopIR
import SourceText

/// One node of a model while it is read: what a rule can ask, and how it builds.
package final class ONNXCall {
  package let node: ONNXNodeFacts
  /// Version of the operators in the node's domain.
  package let opset: Int
  /// nil where an optional input is not given.
  package let inputs: [Value?]
  let raw: ONNXNode
  let importer: ONNXImporter
  /// Attributes that the rule has asked for.
  private(set) var askedAttributes: Set<String> = []

  init(_ raw: ONNXNode, opset: Int, inputs: [Value?], importer: ONNXImporter) {
    node = ONNXNodeFacts(type: raw.type, outputs: raw.outputs)
    self.raw = raw
    self.opset = opset
    self.inputs = inputs
    self.importer = importer
  }

  // MARK: Building

  package func apply(_ op: any Op, _ operands: Value...) throws(OpError) -> Value {
    try importer.builder.apply(op, operands)[0]
  }

  package func applyAll(_ op: any Op, _ operands: [Value]) throws(OpError) -> [Value] {
    try importer.builder.apply(op, operands)
  }

  package func constant(_ data: TensorData) -> Value {
    let value = importer.builder.constant(data)
    importer.learn(value, data)
    return value
  }

  /// A scalar constant of the element type.
  package func scalar(_ number: Double, _ element: ElementType) -> Value {
    constant(TensorData(TensorType(element, []), doubles: [number]))
  }

  package func ints(_ numbers: [Int], _ element: ElementType = .i64) -> Value {
    constant(TensorData(TensorType(element, [numbers.count]), .integers(numbers.map(Int64.init))))
  }

  /// Number of nodes that the graph has by now.
  package var nodeCount: Int { importer.builder.graph.nodes.count }

  package func type(_ value: Value) -> TensorType { importer.builder.type(of: value) }

  package func shape(_ value: Value) -> [Int] { importer.builder.type(of: value).shape }

  package func rank(_ value: Value) -> Int { shape(value).count }

  // MARK: Inputs

  /// A required input.
  package func input(_ place: Int) throws(OpError) -> Value {
    guard let value = optional(place) else { throw OpError("input \(place) is missing") }
    return value
  }

  /// An input that may be left out.
  package func optional(_ place: Int) -> Value? { place < inputs.count ? inputs[place] : nil }

  /// The inputs that are given, which must come before all that are not.
  package func presentInputs(for op: any Op.Type) throws(OpError) -> [Value] {
    let given = inputs.prefix { $0 != nil }.compactMap { $0 }
    guard inputs[given.count...].allSatisfy({ $0 == nil }) else {
      throw OpError("input \(given.count) is missing")
    }
    return given
  }

  /// Whether anybody uses the output.
  package func isUsed(_ output: Int) -> Bool { output < node.outputs.count && !node.outputs[output].isEmpty }

  /// The elements of an input that are the same for every run; nil where they are not known.
  package func constantData(_ place: Int) -> TensorData? {
    guard let value = optional(place), let known = importer.known[value], !known.dependsOnInputs else { return nil }
    return known.data
  }

  /// The one element of an input that is the same for every run; nil where it is not known, and for NaN, which
  /// no attribute can be.
  package func constantScalar(_ place: Int) -> Double? {
    guard let data = constantData(place), data.type.count == 1 else { return nil }
    let number = data.doubles[0]
    return number.isNaN ? nil : number
  }

  /// The elements of an input that are known at compile time, be it for this run alone; nil where they are not.
  package func knownData(_ place: Int) -> TensorData? {
    optional(place).flatMap { importer.known[$0]?.data }
  }

  /// The elements of an input that decides about shapes; nil where the input is left out.
  /// - Throws: unsupported where they are known only when the network runs.
  package func shapeData(_ place: Int, _ name: String) throws(OpError) -> TensorData? {
    guard let value = optional(place) else { return nil }
    guard let known = importer.known[value] else {
      throw OpError(
        "'\(name)' is known only when the network runs", kind: .unsupported,
        help: "shapes must be known at compile time: make '\(name)' a constant, or give the array with --input")
    }
    return known.data
  }

  /// The integers of an input that decides about shapes; nil where the input is left out.
  package func shapeInts(_ place: Int, _ name: String) throws(OpError) -> [Int]? {
    guard let data = try shapeData(place, name) else { return nil }
    guard let integers = data.integers else { throw OpError("expected integers for '\(name)', found \(data.type)") }
    return integers
  }

  /// Integers that old operator sets have as an attribute, newer ones as an input.
  package func intsFrom(input place: Int, orAttribute name: String) throws(OpError) -> [Int]? {
    if let values = try shapeInts(place, name) { return values }
    return try attributeInts(name)
  }

  // MARK: Attributes

  /// The attribute, if the node has it.
  package func attribute(_ name: String) throws(OpError) -> Attribute? {
    guard let value = try value(name) else { return nil }
    switch value {
    case .float(let number): return .float(number)
    case .int(let number): return .int(number)
    case .string(let text): return .string(text)
    case .floats(let numbers): return .list(numbers.map { .float($0) })
    case .ints(let numbers): return .list(numbers.map { .int($0) })
    case .strings(let texts): return .list(texts.map { .string($0) })
    case .tensor, .graph, .reference: throw OpError("attribute '\(name)' has the wrong type")
    case .unsupported(let what): throw OpError("attribute '\(name)' is \(what)")
    }
  }

  private func value(_ name: String) throws(OpError) -> ONNXAttribute.Value? {
    askedAttributes.insert(name)
    return importer.resolved(raw[attribute: name]?.value)
  }

  private func mismatch(_ name: String, _ expected: String) -> OpError {
    OpError("expected \(expected) for attribute '\(name)'")
  }

  package func int(_ name: String) throws(OpError) -> Int? {
    guard let value = try value(name) else { return nil }
    guard case .int(let number) = value else { throw mismatch(name, "an integer") }
    return number
  }

  package func int(_ name: String, default standard: Int) throws(OpError) -> Int { try int(name) ?? standard }

  package func bool(_ name: String, default standard: Bool) throws(OpError) -> Bool {
    try int(name).map { $0 != 0 } ?? standard
  }

  package func attributeInts(_ name: String) throws(OpError) -> [Int]? {
    guard let value = try value(name) else { return nil }
    guard case .ints(let numbers) = value else { throw mismatch(name, "a list of integers") }
    return numbers
  }

  package func floats(_ name: String) throws(OpError) -> [Double]? {
    guard let value = try value(name) else { return nil }
    guard case .floats(let numbers) = value else { throw mismatch(name, "a list of numbers") }
    return numbers
  }

  package func strings(_ name: String) throws(OpError) -> [String]? {
    guard let value = try value(name) else { return nil }
    guard case .strings(let texts) = value else { throw mismatch(name, "a list of strings") }
    return texts
  }

  package func float(_ name: String, default standard: Double) throws(OpError) -> Double {
    guard let value = try value(name) else { return standard }
    guard case .float(let number) = value else { throw mismatch(name, "a number") }
    return number
  }

  package func string(_ name: String, default standard: String) throws(OpError) -> String {
    guard let value = try value(name) else { return standard }
    guard case .string(let text) = value else { throw mismatch(name, "a string") }
    return text
  }

  /// A constant in an attribute.
  package func tensor(_ name: String) throws(OpError) -> TensorData? {
    guard let value = try value(name) else { return nil }
    guard case .tensor(let tensor) = value else { throw mismatch(name, "a tensor") }
    return try importer.elements(of: tensor)
  }

  /// The element type that an attribute numbers.
  package func element(_ name: String) throws(OpError) -> ElementType? {
    guard let number = try int(name) else { return nil }
    guard let element = ElementType(onnx: number) else {
      throw OpError("elements of type \(ElementType.onnxName(number)) are not supported", kind: .unsupported)
    }
    return element
  }

  /// Takes note of an attribute that changes nothing here.
  package func ignore(_ names: String...) { askedAttributes.formUnion(names) }

  /// Reads the body in an attribute as if its nodes stood here: one value for each of its outputs.
  package func inline(_ name: String) throws -> [Value?] {
    guard case .graph(let range)? = try value(name) else { throw mismatch(name, "a graph") }
    return try importer.inline(range)
  }

  /// What cannot be done here, though the model may be right.
  package func unsupported(_ message: String, help: String? = nil) -> OpError {
    OpError(message, kind: .unsupported, help: help)
  }
}

/// What messages tell of a node.
package struct ONNXNodeFacts: Sendable {
  package var type: String
  package var outputs: [String]
}

extension TensorData {
  /// The elements as integers; nil for floating point.
  package var integers: [Int]? {
    guard case .integers(let values) = storage.inMemory else { return nil }
    return values.map { Int($0) }
  }
}
