/// IDX files, the format of MNIST and its kin: one tensor each, big-endian, often compressed by gzip.
package enum IDXFile {
  private static let elementTypes: [UInt8: StoredElementType] = [
    0x08: .u8, 0x09: .i8, 0x0B: .i16, 0x0C: .i32, 0x0D: .f32, 0x0E: .f64,
  ]

  /// Reads a tensor, decompressing the file first if it is gzipped.
  package static func read(_ path: String) throws(TensorFileError) -> StoredTensor {
    try read(MappedFile(path: path))
  }

  package static func read(
    _ file: MappedFile, decompressedLimit: Int = Gzip.defaultOutputLimit
  ) throws(TensorFileError) -> StoredTensor {
    let content = try decompressed(file, limit: decompressedLimit)
    let bytes = content.bytes
    guard isIDX(bytes), let element = elementTypes[bytes[2]] else {
      throw TensorFileError(
        file.path, "not an IDX file", cause: "it does not begin with two zero bytes and an element type")
    }
    let rank = Int(bytes[3])
    let start = 4 + 4 * rank
    guard bytes.count >= start else { throw TensorFileError(file.path, "the file ends inside of its header") }
    let shape = (0..<rank).map { axis in
      Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4 + 4 * axis, as: UInt32.self)))
    }
    guard let size = TensorShape.byteCount(shape, element) else {
      throw TensorFileError(file.path, "the shape is too large for any memory")
    }
    guard size == bytes.count - start else {
      let type = TensorShape.describe(shape, element)
      throw TensorFileError(
        file.path,
        size > bytes.count - start ? "the file is cut short" : "the file has bytes after the tensor",
        cause: "\(type) takes \(size) bytes, found \(bytes.count - start)")
    }
    let tensor = StoredTensor(shape: shape, element: element, file: content, range: start..<bytes.count)
    return element.byteSize > 1 ? tensor.swappingBytes() : tensor
  }

  static func isIDX(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= 4 && bytes[0] == 0 && bytes[1] == 0
  }

  private static func decompressed(_ file: MappedFile, limit: Int) throws(TensorFileError) -> MappedFile {
    guard Gzip.isGzip(file.bytes) else { return file }
    do throws(InflateError) {
      return MappedFile(bytes: try Gzip.decompress(file.bytes, outputLimit: limit), path: file.path)
    } catch {
      throw TensorFileError(file.path, "cannot decompress the file", cause: error.message)
    }
  }
}

/// Reads a file of one tensor, `.npy` or IDX (also gzipped), told apart by their first bytes.
package func readTensor(_ path: String) throws(TensorFileError) -> StoredTensor {
  let file = try MappedFile(path: path)
  if Gzip.isGzip(file.bytes) || IDXFile.isIDX(file.bytes) { return try IDXFile.read(file) }
  return try NumpyFile.read(file)
}
