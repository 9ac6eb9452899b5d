#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

#if _endian(big)
  #error("tensor bytes are kept in little-endian order, which must be the order of the machine")
#endif

extension TensorFileError {
  /// The failure that `errno` tells of.
  static func system(_ path: String, _ message: String) -> TensorFileError {
    let code = errno
    let cause =
      switch code {
      case ENOENT: "no such file or folder"
      case EACCES, EPERM: "permission denied"
      case EISDIR: "it is a folder"
      case ENOTDIR: "a part of the path is not a folder"
      case ENOSPC: "the disk is full"
      default: String(cString: strerror(code)).lowercased()
      }
    return TensorFileError(path, message, cause: cause)
  }
}

/// Repeats a system call that a signal has interrupted.
func retrying(_ call: () -> Int) -> Int {
  while true {
    let result = call()
    if result >= 0 || errno != EINTR { return result }
  }
}

/// A path that C functions can take; a NUL byte would silently cut it short.
func checkedPath(_ path: String) throws(TensorFileError) -> String {
  if path.isEmpty { throw TensorFileError(path, "the path is empty") }
  if path.utf8.contains(0) { throw TensorFileError(path, "the path contains a NUL byte") }
  return path
}

enum FileKind {
  case missing, regular, folder, other

  /// Symbolic links are followed.
  static func of(_ path: String) -> FileKind {
    var status = stat()
    guard stat(path, &status) == 0 else { return .missing }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .regular
    case S_IFDIR: return .folder
    default: return .other
    }
  }
}
