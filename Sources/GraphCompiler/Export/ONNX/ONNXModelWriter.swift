import LoopIR

/// The messages of a model while it is written (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto);
/// numbers are those of the fields there.
final class ONNXModelWriter {
  /// The least operator set: from it on the axes of reductions are inputs.
  private static let baseVersion = 18
  /// The version of the file format that came with an operator set, from `baseVersion` on.
  private static let formatVersions = [18: 8, 19: 9, 20: 9, 21: 10, 22: 10, 23: 11, 24: 11]

  private(set) var nodes: [WireWriter] = []
  /// With the names under which nodes use them.
  private(set) var constants: [(name: String, data: TensorData)] = []
  private(set) var version = baseVersion
  private var taken: NamePool

  /// - Parameter names: those of values, which no other value may have.
  init(names: NamePool) { taken = names }

  var formatVersion: Int { Self.formatVersions[version] ?? 11 }

  func freshName(_ stem: String) -> String { taken.claim(stem, separator: ".") }

  func constant(_ data: TensorData) -> String {
    let name = freshName("constant")
    constants.append((name, data))
    return name
  }

  func append(
    _ type: String, _ inputs: [String?], _ outputs: [String], _ attributes: [(String, Attribute)],
    since version: Int
  ) {
    self.version = max(self.version, version)
    var node = WireWriter()
    let given = inputs.reversed().drop { $0 == nil }.reversed()
    for input in given { node.string(1, input ?? "") }
    for output in outputs { node.string(2, output) }
    node.string(3, outputs.first ?? "")
    node.string(4, type)
    for (name, value) in attributes { node.message(5) { Self.write(name, value, &$0) } }
    nodes.append(node)
  }

  private static func write(_ name: String, _ value: Attribute, _ attribute: inout WireWriter) {
    attribute.string(1, name)
    switch value {
    case .float(let number):
      attribute.float(2, number)
      attribute.int(20, 1)
    case .int(let number):
      attribute.int(3, number)
      attribute.int(20, 2)
    case .bool(let truth):
      attribute.int(3, truth ? 1 : 0)
      attribute.int(20, 2)
    case .string(let text):
      attribute.string(4, text)
      attribute.int(20, 3)
    case .list(let values):
      let numbers = values.compactMap { try? Double(attribute: $0) }
      let integers = values.compactMap { try? Int(attribute: $0) }
      if integers.count == values.count {
        attribute.ints(8, integers)
        attribute.int(20, 7)
      } else if numbers.count == values.count {
        attribute.floats(7, numbers)
        attribute.int(20, 6)
      } else {
        for case .string(let text) in values { attribute.string(9, text) }
        attribute.int(20, 8)
      }
    }
  }

  // MARK: Types

  static func valueInfo(_ name: String, _ type: TensorType) -> WireWriter {
    var info = WireWriter()
    info.string(1, name)
    info.message(2) { info in
      info.message(1) { tensor in
        tensor.int(1, type.element.onnxNumber)
        tensor.message(2) { shape in
          for extent in type.shape { shape.message(1) { $0.int(1, extent) } }
        }
      }
    }
    return info
  }

  /// A tensor up to its elements, which the caller adds.
  static func tensorHead(_ name: String, _ type: TensorType) -> WireWriter {
    var tensor = WireWriter()
    tensor.ints(1, type.shape)
    tensor.int(2, type.element.onnxNumber)
    tensor.string(8, name)
    tensor.length(9, type.byteCount)
    return tensor
  }
}

extension ElementType {
  /// The number that ONNX files have for the type.
  var onnxNumber: Int {
    guard let number = (1...16).first(where: { ElementType(onnx: $0) == self }) else {
      preconditionFailure("ONNX has every element type, '\(self)' too")
    }
    return number
  }
}
