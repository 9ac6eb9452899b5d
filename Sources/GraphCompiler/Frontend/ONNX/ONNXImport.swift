import SourceText
import TensorFiles

/// Reads ONNX models as graphs.
package enum ONNXImport {
  /// What the caller adds to the model.
  package struct Options: Sendable {
    /// Symbolic dimensions by name, as `--set N=1` gives them.
    package var settings: [String: Int] = [:]
    /// Shapes of inputs, as `--shape input=1,3,224,224` gives them.
    package var shapes: [String: [Int]] = [:]
    /// Arrays that will be the inputs: they bind symbolic dimensions, and shapes may depend on them.
    package var tensors: [String: StoredTensor] = [:]

    package init() {}
  }

  /// The graph of the model, or everything that is wrong with it or not supported.
  /// - Parameter path: where the file is; external data is read from its folder.
  package static func read(
    _ file: MappedFile, options: Options = Options()
  ) throws(CompileError) -> ImportedModel {
    let source = SourceFile(binary: file.path)
    let model: ONNXModel
    do throws(WireError) {
      model = try file.withBytes { bytes throws(WireError) in try ONNXModelReader(bytes: bytes).model() }
    } catch {
      throw CompileError(
        "malformed-model", "not an ONNX model: \(error.message) (byte \(error.offset))",
        at: SourceRange(file: source, lower: 0, upper: 0), help: "the file may be cut off or damaged")
    }
    return try ONNXImporter(model, file, source, options).run()
  }
}

/// A model as a graph.
package struct ImportedModel {
  package var graph: Graph
  /// The graph's name of every value that the model names.
  package var names: ExternalNames
}

/// What the values of a graph are called outside, where any text may be a name.
package struct ExternalNames: Sendable {
  /// Names in the graph by names outside.
  private var internalNames: [String: String] = [:]
  private var externalNames: [String: String] = [:]
  /// Inputs whose arrays became part of the graph.
  package private(set) var absorbed: Set<String> = []

  package init() {}

  /// The first name given outside is the one that is shown.
  mutating func add(_ external: String, _ graphName: String) {
    internalNames[external] = graphName
    if externalNames[graphName] == nil { externalNames[graphName] = external }
  }

  /// An output may have a name of its own in the graph, besides that of its value.
  package mutating func setOutput(_ external: String, _ graphName: String) {
    externalNames[graphName] = external
    if internalNames[external] == nil { internalNames[external] = graphName }
  }

  mutating func absorb(_ external: String) { absorbed.insert(external) }

  /// The graph's name; names that only the graph has stand for themselves.
  package func inGraph(_ external: String) -> String { internalNames[external] ?? external }

  package func outside(_ graphName: String) -> String { externalNames[graphName] ?? graphName }

  /// The same names outside for values that got others in the graph.
  /// - Parameters:
  ///   - new: new names of values by the old ones.
  ///   - outputs: names of outputs, which stay.
  func renamed(_ new: [String: String], outputs: [String]) -> ExternalNames {
    var result = self
    result.internalNames = internalNames.mapValues { new[$0] ?? $0 }
    result.externalNames = Dictionary(
      externalNames.map { (new[$0.key] ?? $0.key, $0.value) }, uniquingKeysWith: min)
    for name in outputs { result.externalNames[name] = externalNames[name] }
    return result
  }
}
