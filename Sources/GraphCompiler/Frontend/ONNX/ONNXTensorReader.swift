import LoopIR
import SourceText
import TensorFiles

extension ElementType {
  /// The element type that an ONNX file numbers so; nil for strings, complex numbers and types below a byte.
  init?(onnx number: Int) {
    let numbers: [Int: ElementType] = [
      1: .f32, 2: .u8, 3: .i8, 4: .u16, 5: .i16, 6: .i32, 7: .i64, 9: .bool, 10: .f16, 11: .f64, 12: .u32,
      13: .u64, 16: .bf16,
    ]
    guard let element = numbers[number] else { return nil }
    self = element
  }

  /// ONNX's name for the number, for messages.
  static func onnxName(_ number: Int) -> String {
    let names = [
      0: "undefined", 1: "float", 2: "uint8", 3: "int8", 4: "uint16", 5: "int16", 6: "int32", 7: "int64",
      8: "string", 9: "bool", 10: "float16", 11: "double", 12: "uint32", 13: "uint64", 14: "complex64",
      15: "complex128", 16: "bfloat16", 17: "float8e4m3fn", 18: "float8e4m3fnuz", 19: "float8e5m2",
      20: "float8e5m2fnuz", 21: "uint4", 22: "int4", 23: "float4e2m1", 24: "float8e8m0",
    ]
    return names[number] ?? "number \(number)"
  }
}

/// Turns the tensors of a model into elements, without trusting what they say of themselves.
struct ONNXTensorReader {
  /// The model's file.
  let file: MappedFile
  /// Where external data is.
  let externalFiles: ExternalFiles

  /// Most axes of a tensor.
  static let rankLimit = 32

  func read(_ tensor: ONNXTensor) throws(OpError) -> TensorData {
    let type = try type(of: tensor)
    let stored = try stored(tensor, type)
    do throws(TensorFileError) {
      return try TensorData(stored, as: type.element)
    } catch {
      throw OpError("\(error.headline)")
    }
  }

  private func type(of tensor: ONNXTensor) throws(OpError) -> TensorType {
    guard let element = ElementType(onnx: tensor.element) else {
      throw OpError("elements of type \(ElementType.onnxName(tensor.element)) are not supported", kind: .unsupported)
    }
    guard tensor.shape.count <= Self.rankLimit else {
      throw OpError("expected at most \(Self.rankLimit) axes, found \(tensor.shape.count)")
    }
    let type = TensorType(element, tensor.shape)
    guard type.isRepresentable else { throw OpError("the shape \(tensor.shape) is negative or too large") }
    return type
  }

  private func stored(_ tensor: ONNXTensor, _ type: TensorType) throws(OpError) -> StoredTensor {
    switch tensor.storage {
    case .raw(let range):
      try requireCount(range.count, type.byteCount, "bytes", type)
      return try mapped(type, file, range.lowerBound)
    case .floats(let values):
      guard type.element == .f32 else { throw mismatch("float_data", type) }
      try requireCount(values.count, type.count, "numbers", type)
      return StoredTensor(shape: type.shape, values)
    case .doubles(let values):
      guard type.element == .f64 else { throw mismatch("double_data", type) }
      try requireCount(values.count, type.count, "numbers", type)
      return StoredTensor(shape: type.shape, values)
    case .integers(let values):
      guard type.element != .f32, type.element != .f64 else { throw mismatch("integer data", type) }
      try requireCount(values.count, type.count, "numbers", type)
      return StoredTensor(shape: type.shape, element: type.element.stored, bytes: bytes(of: values, type.element))
    case .external(let entries): return try external(entries, type)
    case .strings: throw OpError("strings are not supported", kind: .unsupported)
    case .none:
      try requireCount(0, type.count, "numbers", type)
      return StoredTensor(shape: type.shape, element: type.element.stored, bytes: [])
    }
  }

  private func mismatch(_ field: String, _ type: TensorType) -> OpError {
    OpError("expected the data of \(type), found \(field)")
  }

  private func requireCount(_ found: Int, _ expected: Int, _ unit: String, _ type: TensorType) throws(OpError) {
    if found == expected { return }
    throw OpError("\(type) takes \(expected) \(unit), found \(found)")
  }

  /// The low bytes of each number, as ONNX keeps small integers and the bits of half precision.
  private func bytes(of values: [Int64], _ element: ElementType) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(values.count * element.byteCount)
    for value in values {
      for place in 0..<element.byteCount {
        bytes.append(UInt8(truncatingIfNeeded: value >> Int64(8 * place)))
      }
    }
    return bytes
  }

  private func mapped(_ type: TensorType, _ file: MappedFile, _ offset: Int) throws(OpError) -> StoredTensor {
    guard let tensor = StoredTensor(shape: type.shape, element: type.element.stored, file: file, offset: offset)
    else { throw OpError("\(type) at byte \(offset) does not fit into '\(file.path)' of \(file.count) bytes") }
    return tensor
  }

  /// External data: a file in the model's folder or below, never elsewhere.
  private func external(_ entries: [String: String], _ type: TensorType) throws(OpError) -> StoredTensor {
    guard let location = entries["location"], !location.isEmpty else {
      throw OpError("external data has no location")
    }
    let parts = location.split(separator: "/", omittingEmptySubsequences: false)
    guard !location.hasPrefix("/"), !parts.contains(".."), !location.contains("\\"), !location.contains("\0") else {
      throw OpError("external data '\(location)' is outside of the model's folder")
    }
    let offset = try number(entries["offset"] ?? "0", "offset")
    if let length = entries["length"] {
      try requireCount(try number(length, "length"), type.byteCount, "bytes", type)
    }
    let data: MappedFile
    do throws(TensorFileError) {
      data = try externalFiles.open(location)
    } catch {
      throw OpError("external data '\(location)': \(error.headline)")
    }
    return try mapped(type, data, offset)
  }

  private func number(_ text: String, _ name: String) throws(OpError) -> Int {
    guard let number = Int(text), number >= 0 else {
      throw OpError("expected a number of bytes as \(name) of external data, found '\(text)'")
    }
    return number
  }
}
