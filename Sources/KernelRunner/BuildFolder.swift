import Foundation
import GraphCompiler
import LoopIR
import TensorFiles

/// A temporary folder with the generated files of a network; it is removed when nobody holds it any more.
final class BuildFolder {
  private let url: URL
  private let stem: String

  /// - Parameter name: of the graph.
  init(_ name: String, _ files: [GeneratedFile]) throws(CCompiler.Failure) {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("graphc-\(UUID().uuidString)")
    stem = Names.identifier(name)
    UnfinishedOutputs.add(url.path)
    for file in files where !file.path.hasSuffix(".weights") { try write(file.path, file.contents) }
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
    UnfinishedOutputs.remove(url.path)
  }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  func write(_ name: String, _ contents: [UInt8]) throws(CCompiler.Failure) {
    let place = url.appendingPathComponent(name)
    do {
      try FileManager.default.createDirectory(
        at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
      // Not Foundation's way, which waits for the disk.
      try writeFile(at: place.path, bytes: contents)
    } catch {
      throw CCompiler.Failure(kind: .missing, description: "cannot write to the temporary folder: \(error)")
    }
  }

  /// The kernels for one family of processors, and a source that calls them, as arguments of the compiler.
  /// - Parameter driverHasKernels: whether the source includes the kernels.
  func sources(
    _ options: BuildOptions, calledBy driver: String, driverHasKernels: Bool = false
  ) throws(CCompiler.Failure) -> [String] {
    try write("driver.c", Array(driver.utf8))
    let kernels = driverHasKernels ? [] : [path("\(stem)_\(options.instructionSet).c")]
    let pool = options.threads > 1 ? ["-pthread", path("\(stem)_threads.c")] : []
    return ["-std=c11", "-I", path("include"), path("driver.c")] + kernels + pool
  }
}
