/// NumPy's `.npy` files (format 1.0, 2.0 and 3.0): one tensor each.
package enum NumpyFile {
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// Longer headers are refused; real ones have about a hundred bytes.
  private static let headerLimit = 1 << 20

  /// Reads a tensor. Its bytes stay in the mapped file if they are little-endian and in C order.
  package static func read(_ path: String) throws(TensorFileError) -> StoredTensor {
    try read(MappedFile(path: path))
  }

  package static func read(_ file: MappedFile) throws(TensorFileError) -> StoredTensor {
    let (header, start) = try readHeader(file)
    let (element, isBigEndian) = try elementType(header.descriptor, file.path)
    guard let size = TensorShape.byteCount(header.shape, element) else {
      throw TensorFileError(file.path, "the shape is too large for any memory")
    }
    let found = file.bytes.count - start
    guard size == found else {
      throw TensorFileError(
        file.path, size > found ? "the file is cut short" : "the file has bytes after the tensor",
        cause: "\(TensorShape.describe(header.shape, element)) takes \(size) bytes, found \(found)",
        cure: "write the file again with numpy.save")
    }
    var tensor = StoredTensor(
      shape: header.shape, element: element, file: file, range: start..<file.bytes.count)
    if isBigEndian, element.byteSize > 1 { tensor = tensor.swappingBytes() }
    return header.fortranOrder ? tensor.fromColumnMajor() : tensor
  }

  private static func readHeader(
    _ file: MappedFile
  ) throws(TensorFileError) -> (header: NumpyHeader, dataStart: Int) {
    let bytes = file.bytes
    guard bytes.count >= 10, bytes.prefix(6).elementsEqual(magic) else {
      throw TensorFileError(
        file.path, "not an .npy file", cause: "it does not begin with the mark '\\x93NUMPY'",
        cure: "write it with numpy.save")
    }
    let version = (major: bytes[6], minor: bytes[7])
    guard (1...3).contains(version.major), version.minor == 0 else {
      throw TensorFileError(
        file.path, ".npy format \(version.major).\(version.minor) is not known", cure: "use 1.0, 2.0 or 3.0")
    }
    let start = version.major == 1 ? 10 : 12
    guard bytes.count >= start else { throw TensorFileError(file.path, "the file ends inside of its header") }
    let length =
      version.major == 1
      ? Int(bytes.loadUnaligned(fromByteOffset: 8, as: UInt16.self))
      : Int(bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
    guard length <= bytes.count - start else {
      throw TensorFileError(
        file.path, "the header is longer than the file",
        cause: "it claims \(length) bytes, found \(bytes.count - start)")
    }
    guard length <= headerLimit else {
      throw TensorFileError(file.path, "the header is longer than \(headerLimit >> 20) MB")
    }
    do throws(NumpyHeader.Malformed) {
      let text = String(decoding: bytes[start..<start + length], as: UTF8.self)
      return (try NumpyHeader(parsing: text), start + length)
    } catch {
      throw TensorFileError(file.path, "malformed .npy header", cause: error.message)
    }
  }

  private static func elementType(
    _ descriptor: String, _ path: String
  ) throws(TensorFileError) -> (StoredElementType, isBigEndian: Bool) {
    let order = descriptor.first
    let code = order.map { "<>=|".contains($0) } == true ? String(descriptor.dropFirst()) : descriptor
    guard let element = StoredElementType.allCases.first(where: { $0.numpyCode == code }) else {
      throw TensorFileError(
        path, "element type '\(descriptor.prefix(20))' is not read",
        cure: "convert the array to a floating point, integer or bool type with astype")
    }
    return (element, order == ">")
  }

  /// The bytes that `numpy.save` writes. bfloat16, which NumPy does not know, is written as `f4`.
  package static func write(_ tensor: StoredTensor, to path: String) throws(TensorFileError) {
    let tensor = tensor.element == .bf16 ? try tensor.converted(to: .f32) : tensor
    try writeFile(at: path) { (sink) throws(TensorFileError) in
      try sink.write(preamble(tensor))
      try sink.write(tensor)
    }
  }

  /// The bytes of a whole file, for tests and small tensors.
  package static func encode(_ tensor: StoredTensor) -> [UInt8] {
    preamble(tensor) + tensor.bytes
  }

  /// Magic, version 1.0 and the header, ended so that the data begin at a multiple of 64 bytes.
  private static func preamble(_ tensor: StoredTensor) -> [UInt8] {
    guard let code = tensor.element.numpyCode else {
      preconditionFailure("NumPy has no \(tensor.element.rawValue)")
    }
    let order = tensor.element.byteSize > 1 ? "<" : "|"
    let header = NumpyHeader(descriptor: order + code, fortranOrder: false, shape: tensor.shape).text
    let unpadded = 10 + header.utf8.count + 1
    let padding = 64 - unpadded % 64
    let length = header.utf8.count + 1 + padding
    precondition(length <= Int(UInt16.max), "ranks of at most \(TensorShape.rankLimit) give short headers")
    return magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(header.utf8)
      + [UInt8](repeating: 0x20, count: padding) + [0x0A]
  }
}

extension StoredTensor {
  /// Column-major (Fortran) order to row-major: walks the result in order and the source by its strides.
  fileprivate func fromColumnMajor() -> StoredTensor {
    guard shape.count > 1, elementCount > 1 else { return self }
    let size = element.byteSize
    var strides: [Int] = []
    var step = size
    for extent in shape {
      strides.append(step)
      step *= extent
    }
    let copy = MappedFile(count: byteCount, path: path) { target in
      withBytes { source in
        var index = [Int](repeating: 0, count: shape.count)
        var offset = 0
        for start in Swift.stride(from: 0, to: byteCount, by: size) {
          for byte in 0..<size { target[start + byte] = source[offset + byte] }
          var axis = shape.count - 1
          while axis >= 0 {
            index[axis] += 1
            offset += strides[axis]
            if index[axis] < shape[axis] { break }
            offset -= strides[axis] * shape[axis]
            index[axis] = 0
            axis -= 1
          }
        }
      }
    }
    return StoredTensor(shape: shape, element: element, file: copy, range: 0..<byteCount)
  }
}
