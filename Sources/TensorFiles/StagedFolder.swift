#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Several output files that appear together: they are written into a hidden folder, and `commit` moves
/// them to their places. Without `commit` the hidden folder is removed when this object goes.
///
/// A target folder that does not exist appears by one rename. If it exists, each file is renamed into it,
/// files of other names in it are left alone.
package final class StagedFolder {
  /// The target as the user named it.
  package let target: String
  /// The hidden folder, for programs that write files themselves.
  package let staging: String
  private let targetExisted: Bool
  /// Paths inside the folder, in the order in which they were written.
  private var files: [String] = []

  /// Creates the hidden folder, and the folders above the target if they are missing.
  package init(_ path: String) throws(TensorFileError) {
    let name = try checkedPath(path)
    target = path
    switch FileKind.of(name) {
    case .folder:
      // Inside the target: certainly the same volume, and certainly writable.
      targetExisted = true
      staging = temporaryName(beside: name + (name.hasSuffix("/") ? "" : "/") + "output")
    case .missing:
      targetExisted = false
      staging = temporaryName(beside: name)
      try makeFolders(above: name, path)
    case .regular, .other: throw TensorFileError(path, "cannot write the folder", cause: "it is a file")
    }
    UnfinishedOutputs.add(staging)
    if mkdir(staging, 0o777) != 0 { throw .system(path, "cannot write the folder") }
  }

  deinit {
    removeTree(staging)
    UnfinishedOutputs.remove(staging)
  }

  /// Writes one file of the folder.
  /// - Parameter name: path inside the folder, such as `include/lenet5.h`.
  package func write(
    _ name: String, _ body: (FileSink) throws(TensorFileError) -> Void
  ) throws(TensorFileError) {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    if parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) {
      throw TensorFileError(
        target, "cannot write '\(name)'", cause: "it does not name a file inside the folder")
    }
    try makeFolders(above: staging + "/" + name, target)
    try writeFile(at: staging + "/" + name, body)
    if !files.contains(name) { files.append(name) }
  }

  package func write(_ name: String, text: String) throws(TensorFileError) {
    try write(name) { (sink) throws(TensorFileError) in try sink.write(text) }
  }

  package func write(_ name: String, bytes: [UInt8]) throws(TensorFileError) {
    try write(name) { (sink) throws(TensorFileError) in try sink.write(bytes) }
  }

  /// Moves the files to their places. Nothing may be written afterwards.
  package func commit() throws(TensorFileError) {
    if !targetExisted, rename(staging, target) == 0 { return }
    for name in files where FileKind.of(target + "/" + name) == .folder {
      throw TensorFileError(target + "/" + name, "cannot write the file", cause: "it is a folder")
    }
    for name in files {
      try makeFolders(above: target + "/" + name, target)
      if rename(staging + "/" + name, target + "/" + name) != 0 {
        throw .system(target + "/" + name, "cannot write the file")
      }
    }
  }
}

/// Makes the missing folders on the way to a path, the last component excepted.
private func makeFolders(above path: String, _ userPath: String) throws(TensorFileError) {
  let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
  for count in parts.indices.map({ $0 + 1 }) {
    let folder = parts.prefix(count).joined(separator: "/")
    if folder.isEmpty || FileKind.of(folder) == .folder { continue }
    if mkdir(folder, 0o777) != 0, errno != EEXIST {
      throw .system(userPath, "cannot make the folder '\(folder)'")
    }
  }
}

/// Removes a file or a folder with everything in it; symbolic links are not followed.
func removeTree(_ path: String) {
  // unlink refuses folders.
  if unlink(path) == 0 || errno == ENOENT { return }
  guard let folder = opendir(path) else { return }
  var names: [String] = []
  while let entry = readdir(folder) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
      field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != ".", name != ".." { names.append(name) }
  }
  closedir(folder)
  for name in names { removeTree(path + "/" + name) }
  rmdir(path)
}
