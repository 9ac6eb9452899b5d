import LoopIR
import SourceText
import TensorFiles
import Testing

@testable import GraphCompiler

/// What is written as ONNX reads back as a graph that computes the same.
@Suite struct ONNXExportTests {
  /// Operators that ONNX can say neither by a word nor by their bodies or equations: random numbers, and gradients that go
  /// where data says.
  private static let unwritable: Set<String> = ["adjoint", "dropout_training", "resample"]

  private func model(_ graph: Graph) throws(CompileError) -> MappedFile {
    MappedFile(bytes: try ONNXExport(graph).bytes, path: "\(graph.name).onnx")
  }

  @Test(arguments: OperatorExample.all) func examplesReadBack(_ example: OperatorExample) throws {
    let graph = try example.graph()
    let name = try #require(graph.nodes.last.map { type(of: $0.op).name })
    let file: MappedFile
    do throws(CompileError) {
      file = try model(graph)
    } catch {
      #expect(error.kind == .unsupported)
      #expect(Self.unwritable.contains(name), "\(name): \(error.diagnostics[0].message)")
      return
    }
    try expectSame(file, graph, OperatorExample.inputs(of: graph))
  }

  /// - Parameter values: inputs, and parameters that are not those of the graph itself.
  private func expectSame(_ file: MappedFile, _ graph: Graph, _ values: [String: TensorValues]) throws {
    let read: Graph
    do throws(CompileError) {
      read = try ONNXImport.read(file).graph
    } catch {
      Issue.record("\(DiagnosticRenderer().render(error.diagnostics))")
      return
    }
    #expect(read.types(of: read.outputs.map(\.value)) == graph.types(of: graph.outputs.map(\.value)))
    let wanted = try Interpreter(graph).run(values).outputs
    let found = try Interpreter(read).run(values).outputs
    for output in graph.outputs {
      let (a, b) = (try #require(wanted[output.name]?.values), try #require(found[output.name]?.values))
      #expect(a.count == b.count && zip(a, b).allSatisfy { isSame($0, $1) }, "\(output.name): \(a) became \(b)")
    }
  }

  /// Attributes are written in single precision.
  private func isSame(_ a: Double, _ b: Double) -> Bool {
    a == b || a.isNaN && b.isNaN || abs(a - b) <= 1e-6 * max(1, abs(a))
  }

  @Test func parametersAndNamesAreKept() throws {
    let graph = try parse(
      """
      graph net {
        input x: f32[1, 2, 6, 6]
        y = x -> conv(3, kernel: 3, pad: 1, pad_mode: "reflect") -> relu -> maxpool(2)
        output y
        output again = y
        output same = x
      }
      """
    ).graph
    let read = try ONNXImport.read(model(graph)).graph
    #expect(read.inputs.map { read[$0].name } == ["x"])
    #expect(read.outputs.map(\.name) == ["y", "again", "same"])
    #expect(read.parameters.map { read[$0].name } == ["conv1.weight", "conv1.bias"])
    try expectSame(model(graph), graph, OperatorExample.inputs(of: graph))
  }

  /// A training step: convolutions with their gradients, batch normalization, overlapping windows, an optimizer with states.
  @Test func trainingStepsReadBack() throws {
    let graph = try parse(
      """
      graph net {
        input x: f32[2, 2, 9, 9]
        a = x -> conv(4, kernel: 3, stride: 2, pad: 1, bias: false) -> batch_norm -> relu
        b = a -> conv(4, kernel: 3, pad: 1, groups: 2) -> maxpool(3, stride: 2, pad: 1) -> avgpool(2, stride: 1, pad: 1)
        output y = b -> lrn(size: 3) -> flatten -> fc(3)
        train {
          input label: i32[2]
          minimize cross_entropy(y, label)
          with adam(rate: 0.01)
          clip norm(1)
        }
      }
      """
    ).graph
    let plan = try TrainingPlan(graph, gradientsBy: ["x"])
    for name in ["train_step", "backward"] {
      let function = try #require(plan.functions.first { $0.name == name })
      let file = MappedFile(bytes: try ONNXExport(function).bytes, path: "\(name).onnx")
      var values = OperatorExample.inputs(of: function.graph)
      values["label"] = TensorValues(TensorData(TensorType(.i32, [2]), doubles: [2, 0]))
      try expectSame(file, function.graph, values)
    }
  }

  @Test func everyOperatorWithoutACounterpartIsNamed() throws {
    let graph = try parse(
      """
      graph net {
        input x: f32[4, 3]
        input start: i32[5]
        input weights: f32[2, 5]
        input step: i64[]
        a = resample(x, start, weights)
        output y = resample(a, start, weights)
        output d = dropout_training(a, step)
      }
      """
    ).graph
    var messages: [String] = []
    do throws(CompileError) {
      _ = try ONNXExport(graph)
    } catch {
      #expect(error.kind == .unsupported)
      messages = error.diagnostics.map(\.message)
    }
    #expect(
      messages == [
        "operator 'resample' has no counterpart in ONNX",
        "operator 'dropout_training' has no counterpart in ONNX",
      ])
  }
}
