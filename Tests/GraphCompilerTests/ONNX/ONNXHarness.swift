import LoopIR
import SourceText
import TensorFiles
import Testing

@testable import GraphCompiler

/// A model under test; by default in version 21 of the operators, with the output "y".
struct ONNXTestModel: Sendable {
  var nodes: [ONNXMessage] = []
  var inputs: [ONNXMessage] = [.value("x", [2, 3])]
  var outputs = ["y"]
  var initializers: [ONNXMessage] = []
  var functions: [ONNXMessage] = []
  var opsets: [ONNXMessage] = [.opset("", 21)]
  var options = ONNXImport.Options()
  var path = "nowhere/model.onnx"

  var message: ONNXMessage {
    var graph = ONNXMessage()
    graph.messages(1, nodes)
    graph.text(2, "test")
    graph.messages(5, initializers)
    graph.messages(11, inputs)
    graph.messages(12, outputs.map { .value($0, nil) })
    var model = ONNXMessage()
    model.number(1, 8)
    model.message(7, graph)
    model.messages(8, opsets)
    model.messages(25, functions)
    return model
  }

  /// The graph, which the verifier must find sound.
  func imported() throws -> ImportedModel {
    let model = try ONNXImport.read(MappedFile(bytes: message.bytes, path: path), options: options)
    #expect(GraphVerifier.violations(model.graph).isEmpty)
    return model
  }

  func operators() throws -> [String] { try imported().graph.nodes.map { type(of: $0.op).name } }

  /// Type and elements of an output that is an initializer or a constant.
  func data(of output: String = "y") throws -> TensorData {
    let graph = try imported().graph
    let value = try #require(graph.outputs.first { $0.name == output }).value
    return try #require(graph[value].data)
  }

  /// The outputs in order, for inputs in order.
  func run(_ inputs: [Double]...) throws -> [TensorValues] {
    let graph = try imported().graph
    var tensors: [String: TensorValues] = [:]
    for (value, values) in zip(graph.inputs, inputs) {
      tensors[graph[value].name] = TensorValues(shape: graph.type(of: value).shape, values: values)
    }
    let outputs = try Interpreter(graph).run(tensors).outputs
    return try graph.outputs.map { try #require(outputs[$0.name]) }
  }

  /// What is said against the model; empty where it is read.
  func complaints() -> [Diagnostic] { Self.complaints(message.bytes, path, options) }

  static func complaints(
    _ bytes: [UInt8], _ path: String = "nowhere/model.onnx", _ options: ONNXImport.Options = .init()
  ) -> [Diagnostic] {
    do throws(CompileError) {
      _ = try ONNXImport.read(MappedFile(bytes: bytes, path: path), options: options)
      return []
    } catch {
      return error.diagnostics
    }
  }
}

/// The model is refused for what the words say, and in no other way.
func expectRefusal(
  _ model: ONNXTestModel, _ words: String, kind: ErrorKind = .invalidInput,
  sourceLocation: Testing.SourceLocation = #_sourceLocation
) {
  let found = model.complaints()
  #expect(found.map(\.kind) == [kind], sourceLocation: sourceLocation)
  #expect(
    found.first?.message.contains(words) == true, "\(found.map(\.message))", sourceLocation: sourceLocation)
}
