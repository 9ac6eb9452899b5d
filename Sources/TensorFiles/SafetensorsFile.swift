import SourceText

/// A `.safetensors` file: named tensors after a JSON header.
package struct SafetensorsFile: Sendable {
  /// In the order of the file, every name once.
  package let tensors: [(name: String, tensor: StoredTensor)]
  /// The free texts of `__metadata__`, in the order of the file.
  package let metadata: [(key: String, value: String)]
  private let indices: [String: Int]

  /// Nil if a name appears twice.
  package init?(
    tensors: [(name: String, tensor: StoredTensor)], metadata: [(key: String, value: String)] = []
  ) {
    var indices: [String: Int] = [:]
    for (index, entry) in tensors.enumerated() {
      if indices.updateValue(index, forKey: entry.name) != nil { return nil }
    }
    self.tensors = tensors
    self.metadata = metadata
    self.indices = indices
  }

  package subscript(_ name: String) -> StoredTensor? {
    indices[name].map { tensors[$0].tensor }
  }

  package var names: [String] { tensors.map(\.name) }
}

// MARK: Reading

extension SafetensorsFile {
  /// Headers beyond this are refused, as the reference implementation does.
  static let headerLimit = 100_000_000

  /// Reads the header; the tensors stay in the mapped file.
  package static func read(_ path: String) throws(TensorFileError) -> SafetensorsFile {
    try read(MappedFile(path: path))
  }

  package static func read(_ file: MappedFile) throws(TensorFileError) -> SafetensorsFile {
    let (header, dataStart) = try readHeader(file)
    guard case .object(let members) = header else {
      throw TensorFileError(file.path, "malformed header", cause: "it is not a JSON object")
    }
    var tensors: [(name: String, tensor: StoredTensor)] = []
    var metadata: [(key: String, value: String)] = []
    for (name, value) in members {
      if name == "__metadata__" {
        metadata = try readMetadata(value, file.path)
      } else {
        tensors.append((name, try readTensor(value, name, file, dataStart)))
      }
    }
    try checkCoverage(tensors, file, dataStart)
    guard let result = SafetensorsFile(tensors: tensors, metadata: metadata) else {
      throw TensorFileError(file.path, "a tensor name appears twice")
    }
    return result
  }

  private static func readHeader(
    _ file: MappedFile
  ) throws(TensorFileError) -> (header: JSON, dataStart: Int) {
    let bytes = file.bytes
    guard bytes.count >= 8 else {
      throw TensorFileError(file.path, "not a safetensors file", cause: "it has only \(bytes.count) bytes")
    }
    let length = bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
    guard length <= UInt64(bytes.count - 8) else {
      throw TensorFileError(
        file.path, "the header is longer than the file",
        cause: "it claims \(length) bytes, found \(bytes.count - 8)",
        cure: "the file may be cut short or not be a safetensors file")
    }
    guard length <= UInt64(headerLimit) else {
      throw TensorFileError(file.path, "the header is longer than \(headerLimit / 1_000_000) MB")
    }
    let dataStart = 8 + Int(length)
    guard length > 0, bytes[8] == UInt8(ascii: "{") else {
      throw TensorFileError(file.path, "not a safetensors file", cause: "its header does not begin with '{'")
    }
    do throws(JSONError) {
      return (try JSON(parsing: bytes[8..<dataStart]), dataStart)
    } catch {
      throw TensorFileError(
        file.path, "malformed header", cause: "\(error.message) at byte \(8 + error.offset)")
    }
  }

  private static func readMetadata(
    _ value: JSON, _ path: String
  ) throws(TensorFileError) -> [(key: String, value: String)] {
    guard case .object(let members) = value else {
      throw TensorFileError(path, "malformed header", cause: "'__metadata__' is not an object")
    }
    var metadata: [(key: String, value: String)] = []
    for (key, value) in members {
      guard let text = value.stringValue else {
        throw TensorFileError(path, "malformed header", cause: "'__metadata__' has a value that is no string")
      }
      metadata.append((key, text))
    }
    return metadata
  }

  private static func readTensor(
    _ value: JSON, _ name: String, _ file: MappedFile, _ dataStart: Int
  ) throws(TensorFileError) -> StoredTensor {
    func malformed(_ cause: String) -> TensorFileError {
      TensorFileError(
        file.path, "tensor '\(name.escapingControls.clipped(to: 80))' is malformed", cause: cause)
    }
    guard case .object(let members) = value, members.count == 3, let typeName = value["dtype"]?.stringValue,
      let extents = value["shape"]?.arrayValue, let offsets = value["data_offsets"]?.arrayValue
    else { throw malformed("expected the members 'dtype', 'shape' and 'data_offsets'") }
    guard let element = StoredElementType.allCases.first(where: { $0.safetensorsName == typeName }) else {
      let known = StoredElementType.allCases.map(\.safetensorsName).joined(separator: " ")
      throw malformed("element type '\(typeName.escapingControls.clipped(to: 20))' is not one of \(known)")
    }
    let shape = extents.compactMap(\.intValue)
    let bounds = offsets.compactMap(\.intValue)
    guard shape.count == extents.count, let size = TensorShape.byteCount(shape, element) else {
      throw malformed("its shape is not a list of extents that fits into memory")
    }
    guard offsets.count == 2, bounds.count == 2, bounds[0] >= 0, bounds[0] <= bounds[1] else {
      throw malformed("its offsets are not a begin and an end")
    }
    let available = file.bytes.count - dataStart
    guard bounds[1] <= available else {
      throw malformed("it ends at byte \(bounds[1]) of the data, found \(available) bytes")
    }
    guard bounds[1] - bounds[0] == size else {
      let type = TensorShape.describe(shape, element)
      throw malformed("\(type) takes \(size) bytes, its offsets span \(bounds[1] - bounds[0])")
    }
    let range = dataStart + bounds[0]..<dataStart + bounds[1]
    return StoredTensor(shape: shape, element: element, file: file, range: range)
  }

  /// The tensors must tile the data: no overlap, no hole, nothing after the last.
  private static func checkCoverage(
    _ tensors: [(name: String, tensor: StoredTensor)], _ file: MappedFile, _ dataStart: Int
  ) throws(TensorFileError) {
    let ordered = tensors.sorted { a, b in
      let (left, right) = (a.tensor.range, b.tensor.range)
      return (left.lowerBound, left.upperBound) < (right.lowerBound, right.upperBound)
    }
    var end = dataStart
    for (name, tensor) in ordered {
      if tensor.range.lowerBound != end {
        let fault = tensor.range.lowerBound < end ? "overlaps the tensor before it" : "follows a hole"
        throw TensorFileError(
          file.path, "tensor '\(name.escapingControls.clipped(to: 80))' is malformed",
          cause: "its data \(fault)")
      }
      end = tensor.range.upperBound
    }
    if end != file.bytes.count {
      throw TensorFileError(
        file.path, "the file has bytes after its tensors", cause: "\(file.bytes.count - end) too many")
    }
  }
}

// MARK: Writing

extension SafetensorsFile {
  /// The same tensors always give the same bytes: larger element types first, so that every tensor is
  /// aligned, then by name.
  package func write(to path: String) throws(TensorFileError) {
    try writeFile(at: path) { (sink) throws(TensorFileError) in try write(to: sink) }
  }

  /// The same as one of several files that are written together.
  package func write(to sink: FileSink) throws(TensorFileError) {
    let ordered = writingOrder
    try sink.write(Self.encodeHeader(ordered, metadata))
    for entry in ordered { try sink.write(entry.tensor) }
  }

  /// The bytes of a whole file, for tests and small files.
  package func encode() -> [UInt8] {
    let ordered = writingOrder
    return Self.encodeHeader(ordered, metadata) + ordered.flatMap(\.tensor.bytes)
  }

  private var writingOrder: [(name: String, tensor: StoredTensor)] {
    tensors.sorted { a, b in
      let (left, right) = (a.tensor.element.byteSize, b.tensor.element.byteSize)
      return left != right ? left > right : Array(a.name.utf8).lexicographicallyPrecedes(Array(b.name.utf8))
    }
  }

  /// Length and JSON, padded with spaces to a multiple of eight bytes.
  private static func encodeHeader(
    _ tensors: [(name: String, tensor: StoredTensor)], _ metadata: [(key: String, value: String)]
  ) -> [UInt8] {
    var members: [(String, JSON)] = []
    if !metadata.isEmpty {
      let sorted = metadata.sorted { $0.key < $1.key }
      members.append(("__metadata__", .object(sorted.map { ($0.key, .string($0.value)) })))
    }
    var offset = 0
    for (name, tensor) in tensors {
      let end = offset + tensor.byteCount
      let value = JSON.object([
        ("dtype", .string(tensor.element.safetensorsName)),
        ("shape", .array(tensor.shape.map { .int($0) })),
        ("data_offsets", .array([.int(offset), .int(end)])),
      ])
      members.append((name, value))
      offset = end
    }
    var text = Array(JSON.object(members).text().utf8)
    text += [UInt8](repeating: 0x20, count: (8 - text.count % 8) % 8)
    let length = UInt64(text.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + text
  }
}
