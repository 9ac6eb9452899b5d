import Foundation
import KernelRunner
import SourceText
import TensorFiles
import Testing

/// A folder of its own for one test, and the built `graphc` to run in it.
final class Workspace {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "graphc-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// What a run printed and how it ended.
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String

    /// First line on standard error.
    var headline: String { errors.split(separator: "\n").first.map(String.init) ?? "" }

    /// Standard output as JSON.
    func json() throws -> JSON { try JSON(parsing: output) }
  }

  /// Runs `graphc` with the words of a line, which hold no spaces, in this folder.
  @discardableResult
  func graphc(_ line: String, environment: [String: String] = [:]) throws -> Outcome {
    try graphc(line.split(separator: " ").map(String.init), environment: environment)
  }

  @discardableResult
  func graphc(_ arguments: [String], environment: [String: String] = [:]) throws -> Outcome {
    let executable: URL = try #require(Self.executable, "the graphc executable is not beside the tests")
    return try run(executable, arguments, environment: environment)
  }

  /// Runs a program of the machine, found on the search path; nil where there is none of that name.
  func run(_ name: String, _ arguments: [String]) throws -> Outcome? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let candidates = folders.map { "\($0)/\(name)" }
    guard let path = candidates.first(where: FileManager.default.isExecutableFile) else { return nil }
    return try run(URL(fileURLWithPath: path), arguments, environment: [:])
  }

  private func run(
    _ executable: URL, _ arguments: [String], environment: [String: String]
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    // Files: two pipes that are read one after the other can block each other.
    let streams = (output: path(".stdout"), errors: path(".stderr"))
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try emptyFile(streams.output)
    process.standardError = try emptyFile(streams.errors)
    _ = try process.runToEnd()
    // A signal must never look like an exit code.
    let status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    let outcome = Outcome(
      status: status, output: try String(contentsOfFile: streams.output, encoding: .utf8),
      errors: try String(contentsOfFile: streams.errors, encoding: .utf8))
    for path in [streams.output, streams.errors] { try FileManager.default.removeItem(atPath: path) }
    return outcome
  }

  private func emptyFile(_ path: String) throws -> FileHandle {
    try Data().write(to: URL(fileURLWithPath: path))
    return try #require(FileHandle(forWritingAtPath: path))
  }

  /// Beside the test bundle, or above it.
  static let executable: URL? = {
    let places = [CommandLine.arguments[0]] + Bundle.allBundles.map(\.bundlePath) + [Bundle.main.bundlePath]
    for place in places {
      var folder = URL(fileURLWithPath: place)
      for _ in 0..<5 {
        folder.deleteLastPathComponent()
        let candidate = folder.appendingPathComponent("graphc")
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: candidate.path, isDirectory: &isFolder),
          !isFolder.boolValue,
          FileManager.default.isExecutableFile(atPath: candidate.path)
        {
          return candidate
        }
      }
    }
    return nil
  }()

  // MARK: files

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  func write(_ name: String, _ text: String) throws {
    try text.write(toFile: path(name), atomically: false, encoding: .utf8)
  }

  func write(_ name: String, _ tensor: StoredTensor) throws { try NumpyFile.write(tensor, to: path(name)) }

  func tensor(_ name: String) throws -> StoredTensor { try NumpyFile.read(path(name)) }

  /// Every file and folder below, sorted; hidden ones too.
  func contents(_ name: String = "") throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path(name)).sorted()
  }
}

/// Networks that the tests of commands use.
enum Networks {
  static let scale = """
    graph scale(N = 1) {
      input x: f32[N, 3]
      param w: f32[3] = ones()
      output y = x * w
      output sum = reduce_sum(x, axes: [0, 1], keep: false)
    }
    """

  /// A classifier of tiny images, with every kind of layer that the pictures know.
  static let convolution = """
    graph tiny(size = 6) {
      input image: f32[1, 1, size, size]
      image -> conv(4, kernel: 3, pad: 1) -> batch_norm -> relu -> maxpool(2) -> flatten -> scores: fc(2)
      output probabilities = softmax(scores)
    }
    """

  /// Two convolutions, of which the second can be computed by Winograd's algorithm.
  static let wide = """
    graph wide {
      input image: f32[1, 3, 16, 16]
      output y = image -> [conv(16, kernel: 3, pad: 1) -> relu] * 2 -> maxpool(2)
    }
    """

  static let two = """
    graph two(N = 1) {
      input a: f32[N]
      input b: f32[N]
      output y = a + b
    }
    """

  static let trained = """
    graph trained(N = 1) {
      input x: f32[N, 3]
      output scores = x -> fc(2)
      train {
        input label: i32[N]
        minimize cross_entropy(scores, label)
        with sgd(rate: 0.1)
      }
    }
    """
}
