import LoopIR
import SourceText
import TensorFiles
import Testing

@testable import GraphCompiler

/// What is written as ONNX reads back as a graph that computes the same.
@Suite struct ONNXExportTests {
  /// Operators that ONNX has no word for, nor for their bodies; the power of 'lppool' is whole there.
  private static let unwritable: Set<String> = [
    "adjoint", "dropout_training", "locally_connected", "lppool", "maxpool_pick", "maxpool_positions", "maxpool_taps",
    "ranks", "resample",
  ]

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
    let read: Graph
    do throws(CompileError) {
      read = try ONNXImport.read(file).graph
    } catch {
      Issue.record("\(DiagnosticRenderer().render(error.diagnostics))")
      return
    }
    #expect(read.types(of: read.outputs.map(\.value)) == graph.types(of: graph.outputs.map(\.value)))
    let inputs = OperatorExample.inputs(of: graph)
    let wanted = try Interpreter(graph).run(inputs).outputs
    let found = try Interpreter(read).run(inputs).outputs
    for output in graph.outputs {
      let (a, b) = (try #require(wanted[output.name]?.values), try #require(found[output.name]?.values))
      #expect(a.count == b.count && zip(a, b).allSatisfy { isSame($0, $1) }, "\(a) became \(b)")
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
    let inputs = OperatorExample.inputs(of: graph)
    let (wanted, found) = (
      try Interpreter(graph).run(inputs).outputs, try Interpreter(read).run(inputs).outputs
    )
    for output in graph.outputs {
      let (a, b) = (try #require(wanted[output.name]?.values), try #require(found[output.name]?.values))
      #expect(zip(a, b).allSatisfy { isSame($0, $1) })
    }
  }

  @Test func everyOperatorWithoutACounterpartIsNamed() throws {
    let graph = try parse(
      """
      graph net {
        input x: f32[1, 2, 4, 5]
        a = x -> locally_connected(3, kernel: 2)
        output y = a -> locally_connected(3, kernel: 2)
        output p = a -> maxpool_positions(maxpool(a, 2), kernel: 2)
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
        "operator 'locally_connected' has no counterpart in ONNX",
        "operator 'maxpool_positions' has no counterpart in ONNX",
      ])
  }
}
