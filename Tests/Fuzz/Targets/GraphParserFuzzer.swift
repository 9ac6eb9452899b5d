import GraphCompiler
import SourceText

/// Any bytes as `.graph` text: a graph or diagnostics. The text of a graph reads back to the same graph.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let contents = Array(UnsafeBufferPointer(start: bytes, count: count))
  var options = GraphParser.Options()
  options.nodeLimit = 1000
  let source = SourceFile(path: "fuzz.graph", contents: contents)
  guard let graph = try? GraphParser.parse(source, options: options).graph else { return 0 }
  precondition(GraphVerifier.violations(graph).isEmpty, "the parser made a graph that is wrong")
  let text = graph.text
  options.blobs = graph.blobs
  options.nodeLimit = 100_000
  do {
    let again = try GraphParser.parse(SourceFile(path: "again.graph", text: text), options: options).graph
    precondition(again == graph, "a printed graph reads back as another one:\n\(text)")
  } catch {
    preconditionFailure("a printed graph does not parse: \(error.diagnostics.map(\.message))\n\(text)")
  }
  return 0
}
