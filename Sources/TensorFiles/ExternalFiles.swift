#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Files that another file refers to: regular files in its folder or below, links followed. Each is mapped once.
package final class ExternalFiles {
  private let folder: String
  private var files: [String: MappedFile] = [:]

  /// - Parameter folder: ending in '/'; empty for the current one.
  package init(folder: String) { self.folder = folder }

  /// The file of a relative path.
  package func open(_ location: String) throws(TensorFileError) -> MappedFile {
    if let file = files[location] { return file }
    let path = folder + location
    let root = try Self.resolved(folder.isEmpty ? "." : folder)
    let target = try Self.resolved(path)
    guard !location.hasPrefix("/"), target.hasPrefix(root == "/" ? root : root + "/") else {
      throw TensorFileError(path, "cannot read the file", cause: "it is outside of the folder '\(folder)'")
    }
    var status = stat()
    guard stat(target, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw TensorFileError(path, "cannot read the file", cause: "it is not a regular file")
    }
    let file = try MappedFile(path: target)
    files[location] = file
    return file
  }

  /// The absolute path without links.
  private static func resolved(_ path: String) throws(TensorFileError) -> String {
    guard !path.contains("\0"), let text = realpath(path, nil) else {
      throw .system(path, "cannot read the file")
    }
    defer { free(text) }
    return String(cString: text)
  }
}
