import GraphCompiler
import SourceText
import TensorFiles

/// The NET argument of every command: a file that holds a network.
struct NetworkFile {
  static let positional = PositionalSpec(
    "NET", "a network: a .graph file", kind: .file(extensions: ["graph", "onnx"]))

  let source: SourceFile

  /// Reads the file; ONNX is known, but refused.
  init(path: String) throws {
    let contents = try MappedFile(path: path).withBytes { Array($0) }
    if path.lowercased().hasSuffix(".onnx") {
      throw CompileError(
        "unsupported-format", "ONNX import is not supported yet: '\(path)'", at: .unknown, kind: .unsupported,
        help: "write the network as a .graph file; 'graphc ops' lists the operators")
    }
    source = SourceFile(path: path, contents: contents)
  }

  func parse(_ settings: [String: Int]) throws(CompileError) -> ParsedGraph {
    var options = GraphParser.Options()
    options.settings = settings
    return try GraphParser.parse(source, options: options)
  }

  /// What generated files say they were made from.
  var name: String { source.path.split(separator: "/").last.map(String.init) ?? source.path }
}
