/// A protocol buffer message, written field by field: what ONNX files are made of. Nothing keeps it from
/// being wrong.
struct ONNXMessage: Sendable, ExpressibleByArrayLiteral {
  private(set) var bytes: [UInt8] = []

  init() {}

  init(arrayLiteral bytes: UInt8...) { self.bytes = bytes }

  static func varint(_ value: UInt64) -> [UInt8] {
    var (rest, bytes) = (value, [UInt8]())
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  private mutating func key(_ field: Int, _ kind: UInt64) { bytes += Self.varint(UInt64(field) << 3 | kind) }

  mutating func number(_ field: Int, _ value: Int) {
    key(field, 0)
    bytes += Self.varint(UInt64(bitPattern: Int64(value)))
  }

  mutating func float(_ field: Int, _ value: Float) {
    key(field, 5)
    bytes += Self.littleEndian(value.bitPattern)
  }

  mutating func bytes(_ field: Int, _ content: [UInt8]) {
    key(field, 2)
    bytes += Self.varint(UInt64(content.count)) + content
  }

  mutating func text(_ field: Int, _ text: String) { bytes(field, Array(text.utf8)) }

  mutating func texts(_ field: Int, _ texts: [String]) {
    for text in texts { self.text(field, text) }
  }

  mutating func message(_ field: Int, _ message: ONNXMessage) { bytes(field, message.bytes) }

  mutating func messages(_ field: Int, _ messages: [ONNXMessage]) {
    for message in messages { self.message(field, message) }
  }

  static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  static func littleEndian(_ values: [Float]) -> [UInt8] { values.flatMap { littleEndian($0.bitPattern) } }
}

/// An extent in the type of an input.
enum ONNXExtent: Sendable, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
  case fixed(Int)
  case symbolic(String)

  init(integerLiteral value: Int) { self = .fixed(value) }
  init(stringLiteral value: String) { self = .symbolic(value) }
}

/// Parts of models: fields are numbered as in `onnx.proto`.
extension ONNXMessage {
  static func node(
    _ type: String, _ inputs: [String], _ outputs: [String], name: String = "", domain: String = "",
    _ attributes: ONNXMessage...
  ) -> ONNXMessage {
    var node = ONNXMessage()
    node.texts(1, inputs)
    node.texts(2, outputs)
    if !name.isEmpty { node.text(3, name) }
    node.text(4, type)
    node.messages(5, attributes)
    if !domain.isEmpty { node.text(7, domain) }
    return node
  }

  /// An attribute of a given type, of which `fill` writes the value.
  static func attribute(_ name: String, type: Int, _ fill: (inout ONNXMessage) -> Void) -> ONNXMessage {
    var attribute = ONNXMessage()
    attribute.text(1, name)
    fill(&attribute)
    attribute.number(20, type)
    return attribute
  }

  static func float(_ name: String, _ value: Float) -> ONNXMessage {
    attribute(name, type: 1) { $0.float(2, value) }
  }

  static func int(_ name: String, _ value: Int) -> ONNXMessage {
    attribute(name, type: 2) { $0.number(3, value) }
  }

  static func text(_ name: String, _ value: String) -> ONNXMessage {
    attribute(name, type: 3) { $0.text(4, value) }
  }

  static func tensor(_ name: String, _ value: ONNXMessage) -> ONNXMessage {
    attribute(name, type: 4) { $0.message(5, value) }
  }

  static func graph(_ name: String, _ value: ONNXMessage) -> ONNXMessage {
    attribute(name, type: 5) { $0.message(6, value) }
  }

  static func floats(_ name: String, _ values: [Float]) -> ONNXMessage {
    attribute(name, type: 6) { $0.bytes(7, littleEndian(values)) }
  }

  static func ints(_ name: String, _ values: [Int]) -> ONNXMessage {
    attribute(name, type: 7) { attribute in for value in values { attribute.number(8, value) } }
  }

  static func texts(_ name: String, _ values: [String]) -> ONNXMessage {
    attribute(name, type: 8) { $0.texts(9, values) }
  }

  /// An attribute of a function's node that has the value of the function's attribute `source`.
  static func reference(_ name: String, to source: String, type: Int) -> ONNXMessage {
    attribute(name, type: type) { $0.text(21, source) }
  }

  /// A tensor of the element type with that number; `fill` writes the data.
  static func data(
    _ name: String, _ element: Int, _ shape: [Int], _ fill: (inout ONNXMessage) -> Void = { _ in }
  ) -> ONNXMessage {
    var tensor = ONNXMessage()
    for extent in shape { tensor.number(1, extent) }
    tensor.number(2, element)
    tensor.text(8, name)
    fill(&tensor)
    return tensor
  }

  static func data(_ name: String, _ shape: [Int], _ values: [Float]) -> ONNXMessage {
    data(name, 1, shape) { $0.bytes(9, littleEndian(values)) }
  }

  static func integers(_ name: String, _ values: [Int]) -> ONNXMessage {
    data(name, 7, [values.count]) { $0.bytes(7, values.flatMap { varint(UInt64(bitPattern: Int64($0))) }) }
  }

  /// The name and type of an input or output; without extents not even the rank is known.
  static func value(_ name: String, _ extents: [ONNXExtent]?, element: Int = 1) -> ONNXMessage {
    var (value, type, tensor, shape) = (ONNXMessage(), ONNXMessage(), ONNXMessage(), ONNXMessage())
    for extent in extents ?? [] {
      var dimension = ONNXMessage()
      switch extent {
      case .fixed(let number): dimension.number(1, number)
      case .symbolic(let name): dimension.text(2, name)
      }
      shape.message(1, dimension)
    }
    tensor.number(1, element)
    if extents != nil { tensor.message(2, shape) }
    type.message(1, tensor)
    value.text(1, name)
    value.message(2, type)
    return value
  }

  static func opset(_ domain: String, _ version: Int) -> ONNXMessage {
    var opset = ONNXMessage()
    opset.text(1, domain)
    opset.number(2, version)
    return opset
  }

  static func body(_ nodes: [ONNXMessage], outputs: [String], initializers: [ONNXMessage] = []) -> ONNXMessage
  {
    var graph = ONNXMessage()
    graph.messages(1, nodes)
    graph.messages(5, initializers)
    graph.messages(12, outputs.map { value($0, nil) })
    return graph
  }

  static func function(
    _ name: String, _ inputs: [String], _ outputs: [String], attributes: [String] = [],
    defaults: [ONNXMessage] = [], _ nodes: ONNXMessage...
  ) -> ONNXMessage {
    var function = ONNXMessage()
    function.text(1, name)
    function.texts(4, inputs)
    function.texts(5, outputs)
    function.texts(6, attributes)
    function.messages(7, nodes)
    function.message(9, opset("", 21))
    function.text(10, "my")
    function.messages(11, defaults)
    return function
  }
}
