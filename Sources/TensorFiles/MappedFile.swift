#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Read-only bytes of a file. Large files are mapped, not copied, and must not shrink while they are in
/// use; small ones, pipes, and bytes made by the program are held in memory.
package final class MappedFile: @unchecked Sendable {
  /// Where the bytes came from, for messages.
  package let path: String
  /// Valid as long as this object lives, and never written to; outside of this module by `withBytes`.
  let bytes: UnsafeRawBufferPointer
  private let isMapped: Bool

  /// Files of at least this many bytes are mapped.
  static let mappingThreshold = 1 << 20
  /// Pipes and devices that deliver more than this are refused.
  static let streamLimit = 1 << 32

  package init(path: String) throws(TensorFileError) {
    let descriptor = try Self.open(path)
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system(path, "cannot read the file") }
    let kind = status.st_mode & S_IFMT
    if kind == S_IFDIR { throw TensorFileError(path, "cannot read the file", cause: "it is a folder") }
    let size = Int(status.st_size)
    self.path = path
    if kind == S_IFREG, size >= Self.mappingThreshold {
      guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
        throw .system(path, "cannot map the file")
      }
      bytes = UnsafeRawBufferPointer(start: start, count: size)
      isMapped = true
    } else {
      bytes = Self.copy(try Self.readAll(descriptor, path))
      isMapped = false
    }
  }

  /// Bytes that are in memory already.
  package init(bytes: [UInt8], path: String = "<memory>") {
    self.path = path
    self.bytes = Self.copy(bytes)
    isMapped = false
  }

  /// - Parameter fill: writes all `count` bytes.
  init(count: Int, path: String, _ fill: (UnsafeMutableRawBufferPointer) -> Void) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 64)
    fill(buffer)
    self.path = path
    bytes = UnsafeRawBufferPointer(buffer)
    isMapped = false
  }

  deinit {
    if isMapped {
      munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
    } else {
      bytes.deallocate()
    }
  }

  package var count: Int { bytes.count }

  package func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(self) {} }
    return try body(bytes)
  }

  private static func copy(_ bytes: [UInt8]) -> UnsafeRawBufferPointer {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
    buffer.copyBytes(from: bytes)
    return UnsafeRawBufferPointer(buffer)
  }

  private static func open(_ path: String) throws(TensorFileError) -> Int32 {
    let name = try checkedPath(path)
    let descriptor = Int32(retrying { Int(openForReading(name)) })
    if descriptor < 0 { throw .system(path, "cannot read the file") }
    return descriptor
  }

  private static func readAll(_ descriptor: Int32, _ path: String) throws(TensorFileError) -> [UInt8] {
    var content: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = retrying { read(descriptor, &buffer, buffer.count) }
      if count < 0 { throw .system(path, "cannot read the file") }
      if count == 0 { return content }
      content += buffer[..<count]
      if content.count > streamLimit {
        throw TensorFileError(path, "more than \(streamLimit >> 30) GB come out of the file")
      }
    }
  }
}

/// Outside of the class, where `open` is the system call.
private func openForReading(_ path: String) -> Int32 {
  open(path, O_RDONLY | O_CLOEXEC)
}
