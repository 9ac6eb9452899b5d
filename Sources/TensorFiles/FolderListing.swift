#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What a folder holds.
package struct FolderListing: Sendable {
  /// Names of folders; links to folders count.
  package private(set) var folders: [String] = []
  /// Names of everything else.
  package private(set) var files: [String] = []

  /// The entries in the order of their bytes, the same on every machine. Hidden ones are left out.
  package init(_ path: String) throws(TensorFileError) {
    let name = try checkedPath(path)
    guard let folder = opendir(name) else { throw .system(path, "cannot read the folder") }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
        field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    closedir(folder)
    for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      if FileKind.of(path + "/" + name) == .folder { folders.append(name) } else { files.append(name) }
    }
  }

  /// Whether there is a folder at the path.
  package static func isFolder(_ path: String) -> Bool { FileKind.of(path) == .folder }

  /// Whether there is anything at the path.
  package static func exists(_ path: String) -> Bool { FileKind.of(path) != .missing }
}
