import GraphCompiler
import SourceText
import TensorFiles

/// Any bytes as an ONNX model: a graph that the verifier finds nothing wrong with and whose text reads back to it, or
/// diagnostics.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let contents = Array(UnsafeBufferPointer(start: bytes, count: count))
  let file = MappedFile(bytes: contents, path: "nowhere/fuzz.onnx")
  guard let model = try? ONNXImport.read(file) else { return 0 }
  let violations = GraphVerifier.violations(model.graph)
  precondition(violations.isEmpty, "the importer made a graph that is wrong: \(violations)")
  if model.graph.nodes.count > 100 { return 0 }
  var options = GraphParser.Options()
  options.blobs = model.graph.blobs
  let text = model.graph.text
  do {
    let again = try GraphParser.parse(SourceFile(path: "again.graph", text: text), options: options).graph
    precondition(again == model.graph, "the graph of a model reads back as another one:\n\(text)")
  } catch {
    preconditionFailure("the graph of a model does not parse: \(error.diagnostics.map(\.message))\n\(text)")
  }
  return 0
}
