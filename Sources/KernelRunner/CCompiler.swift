import Foundation

/// The machine's C compiler.
package struct CCompiler: Sendable {
  /// A generated source that does not compile, or no compiler at all.
  package struct Failure: Error, CustomStringConvertible {
    package enum Kind: Sendable {
      case missing, rejected
      /// It compiles, but a sanitizer ends it.
      case misbehaved
    }

    package let kind: Kind
    package let description: String
  }

  package let path: String

  /// `$CC`, else the first of clang, gcc and cc on the search path.
  package static func find() throws(Failure) -> CCompiler {
    if let compiler = candidates.first { return compiler }
    throw Failure(
      kind: .missing,
      description: "no C compiler found: install clang or gcc, or name one in the environment variable CC")
  }

  /// `$CC`, clang, gcc and cc, as far as they are there.
  static var candidates: [CCompiler] {
    let chosen = ProcessInfo.processInfo.environment["CC"]
    return ((chosen.map { [$0] } ?? []) + ["clang", "gcc", "cc"]).compactMap(found)
  }

  /// What links objects for this machine and takes `-shared`, where that is a program of its own.
  static var linker: CCompiler? {
    #if os(Linux)
      ["ld.gold", "ld"].lazy.compactMap(found).first
    #else
      nil
    #endif
  }

  private static func found(_ name: String) -> CCompiler? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let paths = name.contains("/") ? [name] : folders.map { "\($0)/\(name)" }
    return paths.first { FileManager.default.isExecutableFile(atPath: $0) }.map(CCompiler.init)
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
    let output: Data
    do {
      output = try process.runToEnd(reading: pipe)
    } catch {
      throw Failure(kind: .missing, description: "cannot start the C compiler '\(path)': \(error)")
    }
    if process.terminationStatus != 0 {
      throw Failure(kind: .rejected, description: String(decoding: output, as: UTF8.self))
    }
  }
}
