import Foundation
import GraphCompiler
import SourceText
import TensorFiles

/// The NET argument of every command: a file that holds a network, as `.graph` text or as an ONNX model.
struct NetworkFile {
  static let positional = PositionalSpec(
    "NET", "a network: a .graph or an .onnx file", kind: .file(extensions: ["graph", "onnx"]))

  private enum Contents {
    case text(SourceFile)
    case model(MappedFile)
  }

  let path: String
  private let contents: Contents

  init(path: String) throws {
    self.path = path
    let file = try MappedFile(path: path)
    contents =
      path.lowercased().hasSuffix(".onnx")
      ? .model(file) : .text(SourceFile(path: path, contents: file.withBytes { Array($0) }))
  }

  /// - Parameter tensors: arrays that will be the inputs; sizes of the network follow them.
  func parse(
    _ sizes: NetworkSizes, tensors: [String: StoredTensor] = [:]
  ) throws(CompileError) -> ParsedGraph {
    switch contents {
    case .text(let source):
      if let input = sizes.shapes.keys.min() {
        throw CompileError(
          "shape-of-text", "--shape '\(input)' is for ONNX models; a .graph file says its shapes itself",
          at: .unknown, help: "set the graph's parameters with --set NAME=INT")
      }
      var options = GraphParser.Options()
      options.settings = settings(source, tensors).merging(sizes.settings) { _, user in user }
      return try GraphParser.parse(source, options: options)
    case .model(let file):
      var options = ONNXImport.Options()
      (options.settings, options.shapes, options.tensors) = (sizes.settings, sizes.shapes, tensors)
      let model = try ONNXImport.read(file, options: options)
      let readable = ReadableGraph(model.graph, names: model.names)
      return ParsedGraph(graph: readable.graph, warnings: [], names: readable.names)
    }
  }

  /// A model as the language's text, and the tensors that it needs beside the text; nil for what is text
  /// already.
  func readable(_ sizes: NetworkSizes) throws(CompileError) -> ReadableGraph? {
    guard case .model(let file) = contents else { return nil }
    var options = ONNXImport.Options()
    (options.settings, options.shapes) = (sizes.settings, sizes.shapes)
    let model = try ONNXImport.read(file, options: options)
    return ReadableGraph(model.graph, names: model.names)
  }

  /// What passes work on: the network, or the program or kernels that a text holds.
  func representation(_ sizes: NetworkSizes) throws(CompileError) -> Representation {
    if case .text(let source) = contents, let lowered = try Representation.parseLowered(source) {
      return lowered
    }
    return .graph(try parse(sizes).graph)
  }

  /// What the shapes of arrays say about graph parameters; the first array that says something wins.
  private func settings(_ source: SourceFile, _ tensors: [String: StoredTensor]) -> [String: Int] {
    var settings: [String: Int] = [:]
    for extent in GraphParser.symbolicExtents(source) where settings[extent.parameter] == nil {
      guard let tensor = tensors[extent.input], tensor.shape.count == extent.rank else { continue }
      settings[extent.parameter] = tensor.shape[extent.axis]
    }
    return settings
  }

  /// Which extents of inputs follow the arrays.
  var symbolicExtents: [SymbolicExtent] {
    switch contents {
    case .text(let source): GraphParser.symbolicExtents(source)
    case .model: []
    }
  }

  /// What generated files say they were made from.
  var name: String { path.split(separator: "/").last.map(String.init) ?? path }
}
