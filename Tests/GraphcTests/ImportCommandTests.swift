import Foundation
import TensorFiles
import Testing

@testable import graphc

/// ONNX models as text, and text as ONNX models.
@Suite struct ImportCommandTests {
  private static let residual = """
    graph residual {
      input image: f32[1, 3, 12, 12]
      stem = image -> conv(8, kernel: 3, pad: 1) -> batch_norm -> relu
      branch = stem -> [conv(8, kernel: 3, pad: 1, bias: false) -> leaky_relu(alpha: 0.1)] * 2 -> lrn(size: 3)
      joined = stem + branch * 0.5 -> maxpool(3, stride: 2, ceil: true)
                                   -> conv(4, kernel: [1, 3], stride: [1, 2])
      a, b = joined -> split(parts: 2)
      output scores = concat(a, sigmoid(b)) -> global_avgpool -> flatten -> fc(5) -> softmax
      output features = joined
    }
    """

  private static let tables = """
    graph tables {
      input x: f32[2, 70]
      input places: i64[3]
      const shift: f32[70] = 0.25
      const order: i64[70] = 2
      y = gather(x + shift, order, axis: 1) -> reshape([2, 7, 10]) -> transpose([0, 2, 1])
      output y
      output picked = gather(y, places, axis: 1) -> reduce_mean(axes: 2, keep: false) -> step
    }
    """

  /// A model of each network, made by graphc itself.
  private func workspace(_ text: String) throws -> Workspace {
    let workspace = try Workspace()
    try workspace.write("net.graph", text)
    #expect(try workspace.graphc("compile net.graph --emit onnx -o net.onnx").status == 0)
    return workspace
  }

  @Test(arguments: [residual, tables]) func theTextCompilesToTheSameBits(_ text: String) throws {
    let workspace = try workspace(text)
    #expect(
      try workspace.graphc("import net.onnx -o text").output == "net: net.graph, net.safetensors in text/\n")
    #expect(try workspace.contents("text") == ["net.graph", "net.safetensors"])
    #expect(try workspace.graphc("check text/net.graph").status == 0)
    for (source, folder) in [("net.onnx", "model"), ("text/net.graph", "again")] {
      #expect(try workspace.graphc("compile \(source) -o \(folder)").status == 0)
    }
    #expect(try workspace.contents("model") == workspace.contents("again"))
    for file in try workspace.contents("model") where file.contains(".") {
      #expect(try bits("model/\(file)", in: workspace) == bits("again/\(file)", in: workspace), "\(file)")
    }
  }

  /// A generated file without the names of its sources.
  private func bits(_ path: String, in workspace: Workspace) throws -> Data {
    let data = try #require(FileManager.default.contents(atPath: workspace.path(path)))
    guard let text = String(data: data, encoding: .utf8) else { return data }
    return Data(text.replacing(/\(?net\.(onnx|graph)(:[0-9-]+)?\)?/, with: "").utf8)
  }

  @Test(arguments: [residual, tables]) func modelsComputeTheSame(_ text: String) throws {
    let workspace = try workspace(text)
    let isResidual = text == Self.residual
    func ramp(_ shape: [Int]) -> StoredTensor {
      let numbers = (0..<shape.reduce(1, *)).map { (i: Int) -> Float in Float(i % 11) / 10 - 0.5 }
      return StoredTensor(shape: shape, numbers)
    }
    try workspace.write("x.npy", ramp(isResidual ? [1, 3, 12, 12] : [2, 70]))
    try workspace.write("places.npy", StoredTensor(shape: [3], [4, 0, 9] as [Int64]))
    let given = isResidual ? "--input image=x.npy" : "--input x=x.npy --input places=places.npy"
    let wanted = try workspace.graphc("run net.graph \(given) --interpreter").output
    #expect(try workspace.graphc("run net.onnx \(given) --interpreter").output == wanted)
    #expect(wanted.contains("f32["), "\(wanted)")
  }

  @Test func readsAsAPersonWouldWriteIt() throws {
    let workspace = try workspace(Self.residual)
    try workspace.graphc("import net.onnx -o text")
    let text = try String(contentsOfFile: workspace.path("text/net.graph"), encoding: .utf8)
    for part in [
      "  input image: f32[1, 3, 12, 12]\n", "  weights \"net.safetensors\"\n",
      "-> [conv(8, kernel: 3, bias: false, pad: 1) -> leaky_relu(alpha: 0.1)] * 2", "-> softmax\n",
    ] {
      #expect(text.contains(part), "\(text)")
    }
  }

  @Test(arguments: [
    ("import net.graph -o out", Int32(1), "error: expected an ONNX model, found 'net.graph'"),
    ("import none.onnx -o out", 1, "error: none.onnx: cannot read the file: no such file or folder"),
    ("import net.onnx -o net.graph", 1, "error: net.graph: cannot write the folder: it is a file"),
    ("import net.onnx --set N=2 -o out", 1, "net.onnx: error: the model has no symbolic dimension 'N'"),
    ("import", 2, "graphc import: error: expected MODEL: an .onnx file"),
    ("compile net.graph --train --emit program", 2, "graphc compile: error: option '--train' writes C"),
    ("compile net.graph --train --emit onnx", 1, "error: graph 'tables' has no train section"),
    ("compile lonely.graph --emit onnx", 3, "lonely.graph:4:"),
  ]) func mistakesAreTold(_ line: String, _ status: Int32, _ headline: String) throws {
    let workspace = try workspace(Self.tables)
    try workspace.write(
      "lonely.graph",
      "graph lonely {\n  input x: f32[2]\n  input step: i64[]\n  output y = dropout_training(x, step)\n}\n")
    let outcome = try workspace.graphc(line)
    #expect(outcome.status == status)
    #expect(outcome.headline.hasPrefix(headline), "\(outcome.headline)")
    #expect(!FileManager.default.fileExists(atPath: workspace.path("out")))
  }
}
