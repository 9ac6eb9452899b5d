#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Takes the bytes of a file that is being written.
package struct FileSink: Sendable {
  fileprivate let descriptor: Int32
  /// The file as the user knows it, for messages.
  fileprivate let path: String

  package func write(_ bytes: UnsafeRawBufferPointer) throws(TensorFileError) {
    try send(bytes) { piece, _ in sendBytes(descriptor, piece) }
  }

  /// Writes to a place of the file, which must be a regular one; for files that are not made in their order.
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(TensorFileError) {
    try send(bytes) { piece, done in sendBytes(descriptor, piece, at: offset + done) }
  }

  /// - Parameter call: sends some of the bytes, told how many were sent before; returns how many it has sent.
  private func send(
    _ bytes: UnsafeRawBufferPointer, _ call: (UnsafeRawBufferPointer, _ done: Int) -> Int
  ) throws(TensorFileError) {
    var done = 0
    while done < bytes.count {
      let count = retrying { call(UnsafeRawBufferPointer(rebasing: bytes[done...]), done) }
      if count < 0 { throw .system(path, "cannot write the file") }
      done += count
    }
  }

  package func write(_ bytes: [UInt8]) throws(TensorFileError) {
    // Typed errors do not pass through withUnsafeBytes on every toolchain.
    let result: Result<Void, TensorFileError> = bytes.withUnsafeBytes { buffer in
      do throws(TensorFileError) { return .success(try write(buffer)) } catch { return .failure(error) }
    }
    try result.get()
  }

  package func write(_ text: String) throws(TensorFileError) { try write(Array(text.utf8)) }

  package func write(_ tensor: StoredTensor) throws(TensorFileError) {
    try tensor.withBytes { (bytes) throws(TensorFileError) in try write(bytes) }
  }
}

/// Outside of `FileSink`, where `write` is the system call.
private func sendBytes(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  // Some systems refuse more than 2 GB at once.
  write(descriptor, bytes.baseAddress, min(bytes.count, 1 << 30))
}

private func sendBytes(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int {
  pwrite(descriptor, bytes.baseAddress, min(bytes.count, 1 << 30), off_t(offset))
}

/// Writes a file beside its place and renames it when it is complete: readers see the old file or the new
/// one, never half of it. If `body` throws, nothing changes. Symbolic links are followed; devices and pipes
/// are written directly.
package func writeFile(
  at path: String, _ body: (FileSink) throws(TensorFileError) -> Void
) throws(TensorFileError) {
  var target = try checkedPath(path)
  switch FileKind.of(target) {
  case .folder: throw TensorFileError(path, "cannot write the file", cause: "it is a folder")
  case .other: return try writeDirectly(target, path, body)
  case .regular: target = resolved(target)
  case .missing: break
  }
  let temporary = temporaryName(beside: target)
  UnfinishedOutputs.add(temporary)
  defer { UnfinishedOutputs.remove(temporary) }
  let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
  if descriptor < 0 { throw .system(path, "cannot write the file") }
  do throws(TensorFileError) {
    try closing(descriptor, path, body)
    if rename(temporary, target) != 0 { throw .system(path, "cannot write the file") }
  } catch {
    unlink(temporary)
    throw error
  }
}

package func writeFile(at path: String, text: String) throws(TensorFileError) {
  try writeFile(at: path) { (sink) throws(TensorFileError) in try sink.write(text) }
}

package func writeFile(at path: String, bytes: [UInt8]) throws(TensorFileError) {
  try writeFile(at: path) { (sink) throws(TensorFileError) in try sink.write(bytes) }
}

/// Finds out early whether a file can be written: throws what `writeFile` would throw before its first byte.
/// Nothing changes.
package func requireWritable(_ path: String) throws(TensorFileError) {
  let target = try checkedPath(path)
  let probe: String
  switch FileKind.of(target) {
  case .folder: throw TensorFileError(path, "cannot write the file", cause: "it is a folder")
  case .other:
    if access(target, W_OK) != 0 { throw .system(path, "cannot write the file") }
    return
  case .regular: probe = temporaryName(beside: resolved(target))
  case .missing: probe = temporaryName(beside: target)
  }
  UnfinishedOutputs.add(probe)
  defer { UnfinishedOutputs.remove(probe) }
  let descriptor = open(probe, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
  if descriptor < 0 { throw .system(path, "cannot write the file") }
  close(descriptor)
  unlink(probe)
}

private func writeDirectly(
  _ target: String, _ path: String, _ body: (FileSink) throws(TensorFileError) -> Void
) throws(TensorFileError) {
  let descriptor = open(target, O_WRONLY | O_CLOEXEC)
  if descriptor < 0 { throw .system(path, "cannot write the file") }
  try closing(descriptor, path, body)
}

private func closing(
  _ descriptor: Int32, _ path: String, _ body: (FileSink) throws(TensorFileError) -> Void
) throws(TensorFileError) {
  do throws(TensorFileError) {
    try body(FileSink(descriptor: descriptor, path: path))
  } catch {
    close(descriptor)
    throw error
  }
  if close(descriptor) != 0 { throw .system(path, "cannot write the file") }
}

/// The path behind symbolic links, or the path itself where that cannot be found.
func resolved(_ path: String) -> String {
  guard let real = realpath(path, nil) else { return path }
  defer { free(real) }
  return String(cString: real)
}

/// A hidden name in the same folder that nobody else uses.
func temporaryName(beside path: String) -> String {
  let trimmed = path.hasSuffix("/") ? String(path.dropLast()) : path
  let parts = trimmed.split(separator: "/", omittingEmptySubsequences: false)
  let folder = parts.dropLast().map { $0 + "/" }.joined()
  let tag = String(UInt64.random(in: .min ... .max), radix: 36)
  return folder + "." + (parts.last ?? "output").prefix(100) + ".unfinished-" + tag
}
