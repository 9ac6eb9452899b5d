import Foundation
import KernelRunner
import Testing

/// A program of the machine.
struct Tool: Sendable, CustomTestStringConvertible {
  let path: String

  var testDescription: String { path.split(separator: "/").last.map(String.init) ?? path }

  /// The program of that name on the search path.
  static func find(_ name: String) -> Tool? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }.map(
      Tool.init)
  }

  /// What it prints on both streams, and its exit status.
  func run(_ arguments: [String], in folder: URL? = nil) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = folder }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    let output = try process.runToEnd(reading: pipe)
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
