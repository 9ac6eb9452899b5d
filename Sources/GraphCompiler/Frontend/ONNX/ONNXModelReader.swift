/// Reads the messages of an ONNX model. Numbers in comments are those of the fields in `onnx.proto`.
struct ONNXModelReader {
  let bytes: UnsafeRawBufferPointer

  /// Nesting of attributes is the only recursion of the format, and bodies are read when they are asked for.
  func model() throws(WireError) -> ONNXModel {
    var model = ONNXModel()
    try each(0..<bytes.count) { field throws(WireError) in
      switch field.number {
      case 1: model.irVersion = try field.int()
      case 7: model.graph = try graph(field.range())
      case 8: try readOpset(field, into: &model.opsets)
      case 25: model.functions.append(try function(field.range()))
      default: break
      }
    }
    return model
  }

  func graph(_ range: Range<Int>) throws(WireError) -> ONNXGraph {
    var graph = ONNXGraph()
    try each(range) { field throws(WireError) in
      switch field.number {
      case 1: graph.nodes.append(try node(field.range()))
      case 2: graph.name = try field.string(bytes)
      case 5: graph.initializers.append(try tensor(field.range()))
      case 11: graph.inputs.append(try valueInfo(field.range()))
      case 12: graph.outputs.append(try valueInfo(field.range()))
      case 15: graph.hasSparseInitializers = true
      default: break
      }
    }
    return graph
  }

  private func each(
    _ range: Range<Int>, _ body: (WireReader.Field) throws(WireError) -> Void
  ) throws(WireError) {
    var reader = WireReader(bytes, range)
    while let field = try reader.next() { try body(field) }
  }

  private func readOpset(_ field: WireReader.Field, into opsets: inout [String: Int]) throws(WireError) {
    var (domain, version) = ("", 0)
    try each(field.range()) { field throws(WireError) in
      switch field.number {
      case 1: domain = try field.string(bytes)
      case 2: version = try field.int()
      default: break
      }
    }
    opsets[domain == "ai.onnx" ? "" : domain] = version
  }

  private func function(_ range: Range<Int>) throws(WireError) -> ONNXFunction {
    var function = ONNXFunction()
    try each(range) { field throws(WireError) in
      switch field.number {
      case 1: function.name = try field.string(bytes)
      case 4: function.inputs.append(try field.string(bytes))
      case 5: function.outputs.append(try field.string(bytes))
      case 6: function.attributeNames.append(try field.string(bytes))
      case 7: function.nodes.append(try node(field.range()))
      case 9: try readOpset(field, into: &function.opsets)
      case 10: function.domain = try field.string(bytes)
      case 11: function.attributes.append(try attribute(field.range()))
      case 13: function.overload = try field.string(bytes)
      default: break
      }
    }
    return function
  }

  private func node(_ range: Range<Int>) throws(WireError) -> ONNXNode {
    var node = ONNXNode()
    try each(range) { field throws(WireError) in
      switch field.number {
      case 1: node.inputs.append(try field.string(bytes))
      case 2: node.outputs.append(try field.string(bytes))
      case 3: node.name = try field.string(bytes)
      case 4: node.type = try field.string(bytes)
      case 5: node.attributes.append(try attribute(field.range()))
      case 7: node.domain = try field.string(bytes)
      case 8: node.overload = try field.string(bytes)
      default: break
      }
    }
    if node.domain == "ai.onnx" { node.domain = "" }
    return node
  }

  private func attribute(_ range: Range<Int>) throws(WireError) -> ONNXAttribute {
    var parts = ONNXAttributeParts()
    try each(range) { field throws(WireError) in
      switch field.number {
      case 1: parts.name = try field.string(bytes)
      case 2: parts.float = try field.float()
      case 3: parts.int = try field.int()
      case 4: parts.string = try field.string(bytes)
      case 5: parts.tensor = try tensor(field.range())
      case 6: parts.graph = try field.range()
      case 7: try field.appendFloats(to: &parts.floats, bytes)
      case 8: try field.appendInts(to: &parts.ints, bytes)
      case 9: parts.strings.append(try field.string(bytes))
      case 20: parts.type = try field.int()
      case 21: parts.reference = try field.string(bytes)
      default: break
      }
    }
    return ONNXAttribute(name: parts.name, value: parts.value)
  }

  func valueInfo(_ range: Range<Int>) throws(WireError) -> ONNXValueInfo {
    var info = ONNXValueInfo()
    try each(range) { field throws(WireError) in
      switch field.number {
      case 1: info.name = try field.string(bytes)
      case 2: try readType(field.range(), into: &info)
      default: break
      }
    }
    return info
  }

  private func readType(_ range: Range<Int>, into info: inout ONNXValueInfo) throws(WireError) {
    let otherKinds = [4: "sequence", 5: "map", 7: "opaque value", 8: "sparse tensor", 9: "optional"]
    try each(range) { field throws(WireError) in
      if field.number == 1 {
        try readTensorType(field.range(), into: &info)
      } else if let kind = otherKinds[field.number] {
        info.otherKind = kind
      }
    }
  }

  private func readTensorType(_ range: Range<Int>, into info: inout ONNXValueInfo) throws(WireError) {
    try each(range) { field throws(WireError) in
      switch field.number {
      case 1: info.element = try field.int()
      case 2:
        var shape: [ONNXValueInfo.Dimension] = []
        try each(field.range()) { field throws(WireError) in
          if field.number == 1 { shape.append(try dimension(field.range())) }
        }
        info.shape = shape
      default: break
      }
    }
  }

  /// Converters from other formats write -1 or "?" for what they do not know.
  private func dimension(_ range: Range<Int>) throws(WireError) -> ONNXValueInfo.Dimension {
    var dimension = ONNXValueInfo.Dimension.symbolic("")
    try each(range) { field throws(WireError) in
      switch field.number {
      case 1:
        let extent = try field.int()
        dimension = extent == -1 ? .symbolic("") : .fixed(extent)
      case 2:
        let name = try field.string(bytes)
        dimension = .symbolic(name == "?" ? "" : name)
      default: break
      }
    }
    return dimension
  }

  func tensor(_ range: Range<Int>) throws(WireError) -> ONNXTensor {
    var parts = ONNXTensorParts()
    try each(range) { field throws(WireError) in
      switch field.number {
      case 1:
        var extents: [Int64] = []
        try field.appendInts(to: &extents, bytes)
        parts.tensor.shape += extents.map { Int($0) }
      case 2: parts.tensor.element = try field.int()
      case 4: try field.appendFloats(to: &parts.floats, bytes)
      case 5, 7, 11: try field.appendInts(to: &parts.integers, bytes)
      case 6: parts.hasStrings = true
      case 8: parts.tensor.name = try field.string(bytes)
      case 9: parts.raw = try field.range()
      case 10: try field.appendDoubles(to: &parts.doubles, bytes)
      case 13: try readExternal(field.range(), into: &parts.external)
      case 14: parts.isExternal = try field.int() == 1
      default: break
      }
    }
    return parts.finished
  }

  private func readExternal(_ range: Range<Int>, into entries: inout [String: String]) throws(WireError) {
    var (key, value) = ("", "")
    try each(range) { field throws(WireError) in
      switch field.number {
      case 1: key = try field.string(bytes)
      case 2: value = try field.string(bytes)
      default: break
      }
    }
    entries[key] = value
  }
}

/// The fields of an attribute, of which its type chooses one.
private struct ONNXAttributeParts {
  var name = ""
  var type = 0
  var float: Float?
  var int: Int?
  var string: String?
  var tensor: ONNXTensor?
  var graph: Range<Int>?
  var floats: [Float] = []
  var ints: [Int64] = []
  var strings: [String] = []
  var reference = ""

  /// Old files give no type: then the field that is there counts.
  var value: ONNXAttribute.Value {
    if !reference.isEmpty { return .reference(reference) }
    switch type == 0 ? guessedType : type {
    case 1: return .float(Self.number(float ?? 0))
    case 2: return .int(int ?? 0)
    case 3: return .string(string ?? "")
    case 4: return tensor.map { .tensor($0) } ?? .unsupported("a tensor that is missing")
    case 5: return graph.map { .graph($0) } ?? .unsupported("a graph that is missing")
    case 6: return .floats(floats.map(Self.number))
    case 7: return .ints(ints.map { Int($0) })
    case 8: return .strings(strings)
    case 9: return .unsupported("a list of tensors")
    case 10: return .unsupported("a list of graphs")
    case 11: return .unsupported("a sparse tensor")
    default: return .unsupported("of the unknown type \(type)")
    }
  }

  /// There is one NaN in attributes: the language has no other.
  private static func number(_ value: Float) -> Double { value.isNaN ? .nan : value.asWritten }

  private var guessedType: Int {
    if float != nil { return 1 }
    if int != nil { return 2 }
    if string != nil { return 3 }
    if tensor != nil { return 4 }
    if graph != nil { return 5 }
    if !floats.isEmpty { return 6 }
    if !strings.isEmpty { return 8 }
    return 7
  }
}

extension Float {
  /// The number that was written before single precision rounded it: 0.1, not 0.10000000149011612.
  fileprivate var asWritten: Double { Double("\(self)") ?? Double(self) }
}

/// The fields of a tensor, of which one holds the elements.
private struct ONNXTensorParts {
  var tensor = ONNXTensor()
  var raw: Range<Int>?
  var floats: [Float] = []
  var doubles: [Double] = []
  var integers: [Int64] = []
  var external: [String: String] = [:]
  var isExternal = false
  var hasStrings = false

  var finished: ONNXTensor {
    var result = tensor
    if isExternal {
      result.storage = .external(external)
    } else if let raw {
      result.storage = .raw(raw)
    } else if !floats.isEmpty {
      result.storage = .floats(floats)
    } else if !doubles.isEmpty {
      result.storage = .doubles(doubles)
    } else if !integers.isEmpty {
      result.storage = .integers(integers)
    } else if hasStrings {
      result.storage = .strings
    }
    return result
  }
}
