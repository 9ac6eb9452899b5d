import SourceText

/// The chunks of a PNG file that matter here, each with a correct checksum.
struct PNGChunks {
  /// Contents of `IHDR`.
  private(set) var header: ArraySlice<UInt8> = []
  /// Contents of `PLTE`; empty where there is none.
  private(set) var palette: [UInt8] = []
  /// Contents of all `IDAT`, joined.
  private(set) var data: [UInt8] = []

  init(_ file: MappedFile) throws(TensorFileError) {
    let bytes = file.bytes
    var position = 8
    var isFirst = true
    while true {
      let (name, content, end) = try Self.chunk(bytes, position, file.path)
      position = end
      if isFirst != (name == "IHDR") {
        throw TensorFileError(file.path, "malformed PNG file", cause: "it does not begin with one header")
      }
      isFirst = false
      switch name {
      case "IHDR": header = content
      case "PLTE": palette = Array(content)
      case "IDAT": data += content
      case "IEND": return
      default:
        // Names of chunks that a reader must know begin with a capital letter.
        if name.first?.isUppercase == true {
          throw TensorFileError(
            file.path, "malformed PNG file", cause: "chunk '\(name.escapingControls)' is not known")
        }
      }
    }
  }

  /// The chunk that begins at a position, and where the next one does.
  private static func chunk(
    _ bytes: UnsafeRawBufferPointer, _ start: Int, _ path: String
  ) throws(TensorFileError) -> (name: String, content: ArraySlice<UInt8>, end: Int) {
    guard bytes.count - start >= 12 else {
      throw TensorFileError(path, "the file is cut short", cause: "it ends before its last chunk")
    }
    let length = Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self)))
    guard length <= bytes.count - start - 12 else {
      throw TensorFileError(
        path, "the file is cut short",
        cause: "a chunk takes \(length) bytes, found \(bytes.count - start - 12)")
    }
    let end = start + 12 + length
    let covered = Array(bytes[start + 4..<end - 4])
    let checksum = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: end - 4, as: UInt32.self))
    let name = String(decoding: covered[..<4], as: UTF8.self)
    guard Gzip.crc32(covered) == checksum else {
      throw TensorFileError(
        path, "the file is damaged", cause: "the checksum of chunk '\(name.escapingControls)' is wrong")
    }
    return (name, covered[4...], end)
  }
}
