import Foundation
import GraphCompiler
import KernelRunner
import SourceText
import TensorFiles

/// `NAME.tune` beside a network: what `compile --tune` measured to be faster for it.
struct TuningFile {
  let path: String
  private let network: String

  /// - Parameter network: the path of `NAME.graph` or `NAME.onnx`.
  init(beside network: String) {
    self.network = network
    let start = network.lastIndex(of: "/").map { network.index(after: $0) } ?? network.startIndex
    let stem = network[start...].lastIndex(of: ".").map { network[..<$0] } ?? network[...]
    path = "\(stem).tune"
  }

  /// The file without its folder.
  var name: String { path.split(separator: "/").last.map(String.init) ?? path }

  /// Nil where there is no such file.
  func read() throws -> Tuning? {
    if !FileManager.default.fileExists(atPath: path) { return nil }
    let file = try MappedFile(path: path)
    return try Tuning.parse(SourceFile(path: path, contents: file.withBytes { Array($0) }))
  }

  /// - Parameter remarks: what was measured, for people.
  func write(_ tuning: Tuning, _ remarks: [String]) throws(TensorFileError) {
    let network = network.split(separator: "/").last.map(String.init) ?? network
    let lines =
      ["What was measured to be faster than what graphc chooses by itself."] + remarks
      + ["Made by 'graphc compile \(network.escapingControls) --tune'. graphc uses it as long as it lies beside the network."]
    let head = lines.map { "// \($0)\n" }.joined()
    try writeFile(at: path, text: "\(head)\n\(tuning.text)")
  }
}

extension NetworkOptions {
  /// What was measured for the network; nothing where there is no file beside it.
  func tuning() throws -> Tuning { try TuningFile(beside: path).read() ?? Tuning() }
}

extension BuildOptions {
  /// The same with what was measured for a network.
  func tuned(for network: NetworkOptions) throws -> BuildOptions {
    var build = self
    build.tuning = try network.tuning()
    return build
  }
}
