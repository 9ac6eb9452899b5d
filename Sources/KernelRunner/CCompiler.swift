import Foundation

/// The machine's C compiler.
package struct CCompiler: Sendable {
  /// A generated source that does not compile, or no compiler at all.
  package struct Failure: Error, CustomStringConvertible {
    package enum Kind: Sendable { case missing, rejected }

    package let kind: Kind
    package let description: String
  }

  package let path: String

  /// `$CC`, else the first of clang, gcc and cc on the search path.
  package static func find() throws(Failure) -> CCompiler {
    let environment = ProcessInfo.processInfo.environment
    let candidates = (environment["CC"].map { [$0] } ?? []) + ["clang", "gcc", "cc"]
    let folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
    for candidate in candidates {
      let paths = candidate.contains("/") ? [candidate] : folders.map { "\($0)/\(candidate)" }
      if let path = paths.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) {
        return CCompiler(path: path)
      }
    }
    throw Failure(
      kind: .missing,
      description: "no C compiler found: install clang or gcc, or name one in the environment variable CC")
  }

  /// Runs the compiler; throws with what it printed where it fails.
  package func run(_ arguments: [String]) throws(Failure) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      throw Failure(kind: .missing, description: "cannot start the C compiler '\(path)': \(error)")
    }
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    if process.terminationStatus != 0 {
      throw Failure(kind: .rejected, description: String(decoding: output, as: UTF8.self))
    }
  }

  /// Makes a shared library of C files.
  package func link(_ sources: [String], include: String, to library: String, options: [String]) throws(Failure) {
    let common = ["-std=c11", "-fPIC", "-shared", "-I", include, "-o", library]
    try run(options + common + sources)
  }
}
