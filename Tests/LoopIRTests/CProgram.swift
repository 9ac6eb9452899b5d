import Dispatch
import Foundation

/// A C compiler of this machine.
struct CCompiler: CustomStringConvertible, Sendable {
  let path: String
  var description: String { path }

  /// Those among cc, gcc and clang that are in PATH, each once even if it has two names.
  static let installed: [CCompiler] = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    var seen: Set<String> = []
    return ["cc", "gcc", "clang"].compactMap { name in
      let candidates = folders.map { $0 + "/" + name }
      let executable = candidates.first { FileManager.default.isExecutableFile(atPath: $0) }
      guard let path = executable else { return nil }
      let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
      return seen.insert(real).inserted ? CCompiler(path: path) : nil
    }
  }()

  /// Compiles `source` with warnings as errors, and returns what the compiler says: nothing if all is well.
  func compile(_ source: String, to output: URL, _ options: [String]) throws -> String {
    let file = output.appendingPathExtension("c")
    try source.write(to: file, atomically: true, encoding: .utf8)
    let strict = ["-std=c11", "-Wall", "-Wextra", "-Werror", "-pedantic", "-Wno-psabi"]
    let result = try run(path, strict + [file.path, "-o", output.path] + options)
    return result.status == 0 ? "" : "\(path) exits with \(result.status):\n\(result.output)"
  }
}

/// Runs a program to its end. The output has what it writes to both standard streams.
func run(_ path: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
  let process = Process()
  let pipe = Pipe()
  process.executableURL = URL(fileURLWithPath: path)
  process.arguments = arguments
  process.standardOutput = pipe
  process.standardError = pipe
  // Waiting alone would look every 50 ms.
  let end = DispatchSemaphore(value: 0)
  process.terminationHandler = { _ in end.signal() }
  try process.run()
  let data = pipe.fileHandleForReading.readDataToEndOfFile()
  end.wait()
  process.waitUntilExit()
  return (process.terminationStatus, String(decoding: data, as: UTF8.self))
}

/// Gives `body` an empty folder and removes it afterwards.
func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}
