import Foundation
import SourceText
import TensorFiles
import Testing

@testable import graphc

/// `graphc run`: most tests take the interpreter, which needs no C compiler to start.
@Suite struct RunCommandTests {
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.write("net.graph", Networks.scale)
    try workspace.write("x.npy", StoredTensor(shape: [2, 3], [1, 2, 3, 4, 5, 6] as [Float]))
    return workspace
  }

  @Test(arguments: ["", " --interpreter"]) func outputsHaveTheirTypesAndRanks(_ way: String) throws {
    let workspace = try workspace()
    let outcome = try workspace.graphc("run net.graph --input x=x.npy --output-dir out" + way)
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    #expect(try workspace.contents("out") == ["sum.npy", "y.npy"])
    #expect(try workspace.tensor("out/y.npy") == StoredTensor(shape: [2, 3], [1, 2, 3, 4, 5, 6] as [Float]))
    #expect(try workspace.tensor("out/sum.npy") == StoredTensor(shape: [], [21] as [Float]))
  }

  @Test func valuesArePrintedInTheOrderOfTheGraph() throws {
    let outcome = try workspace().graphc("run net.graph --input x=x.npy")
    #expect(outcome.output == "y: f32[2, 3] = 1.0, 2.0, 3.0, 4.0, 5.0, 6.0\nsum: f32[] = 21.0\n")
  }

  @Test func parametersCanBeGiven() throws {
    let workspace = try workspace()
    try workspace.write("w.npy", StoredTensor(shape: [3], [1, 0, -1] as [Float]))
    let outcome = try workspace.graphc("run net.graph --interpreter --input x=x.npy --input w=w.npy")
    #expect(outcome.output.hasPrefix("y: f32[2, 3] = 1.0, 0.0, -3.0, 4.0, 0.0, -6.0\n"))
  }

  @Test(arguments: ["", " --interpreter"]) func numbersOnTheCommandLine(_ way: String) throws {
    let workspace = try workspace()
    let outcome = try workspace.graphc(
      "run net.graph --input x=[[1,0.1,-inf],[4,5,6]] --input w=[2,1,1]" + way)
    #expect(outcome.output == "y: f32[2, 3] = 2.0, 0.1, -inf, 8.0, 5.0, 6.0\nsum: f32[] = -inf\n")
    try workspace.write("two.graph", Networks.two.replacing("f32[N]", with: "i32[]"))
    #expect(try workspace.graphc("run two.graph --input a=-3 --input b=5" + way).output == "y: i32[] = 2\n")
  }

  @Test func emptyBatch() throws {
    let workspace = try workspace()
    try workspace.write("x.npy", StoredTensor(shape: [0, 3], [] as [Float]))
    #expect(
      try workspace.graphc("run net.graph --input x=x.npy").output == "y: f32[0, 3]\nsum: f32[] = 0.0\n")
  }

  @Test(arguments: [
    (StoredTensor(shape: [1, 3], [7, 8, 255] as [UInt8]), "7.0, 8.0, 255.0"),
    (StoredTensor(shape: [1, 3], [7, -8, 1 << 24] as [Int64]), "7.0, -8.0, 16777216.0"),
    (StoredTensor(shape: [1, 3], [0.5, -.infinity, .nan] as [Double]), "0.5, -inf, nan"),
  ])
  func typesConvertWhereNothingChanges(_ tensor: StoredTensor, _ values: String) throws {
    let workspace = try workspace()
    try workspace.write("x.npy", tensor)
    let outcome = try workspace.graphc("run net.graph --interpreter --input x=x.npy")
    #expect(outcome.output.hasPrefix("y: f32[1, 3] = \(values)\n"))
  }

  @Test func scaleDividesPixels() throws {
    let workspace = try workspace()
    try workspace.write("x.npy", StoredTensor(shape: [1, 3], [0, 51, 255] as [UInt8]))
    let outcome = try workspace.graphc("run net.graph --interpreter --scale 255 --input x=x.npy")
    #expect(outcome.output.hasPrefix("y: f32[1, 3] = 0.0, 0.2, 1.0\n"))
  }

  @Test func jsonNamesTheFiles() throws {
    let workspace = try workspace()
    let outcome = try workspace.graphc("run net.graph --interpreter --input x=x.npy --output-dir out --json")
    let outputs = try #require(try outcome.json()["outputs"]?.arrayValue)
    #expect(outputs.map { $0["name"]?.stringValue } == ["y", "sum"])
    #expect(outputs.map { $0["file"]?.stringValue } == ["out/y.npy", "out/sum.npy"])
    #expect(outputs[0]["shape"] == .array([.int(2), .int(3)]))
  }

  @Test func randomWeightsAreSaid() throws {
    let workspace = try workspace()
    try workspace.write("trained.graph", Networks.trained)
    let outcome = try workspace.graphc("run trained.graph --interpreter --input x=x.npy")
    #expect(outcome.status == 0)
    #expect(outcome.headline == "warning: no weights are given, the parameters have random numbers")
  }

  // MARK: mistakes

  @Test(arguments: [
    ("run net.graph", 1, "net.graph:2:9: error: input 'x' is not given"),
    ("run net.graph --input y=x.npy --input x=x.npy", 1, "error: graph 'scale' has no input 'y'"),
    ("run net.graph --input x=none.npy", 1, "error: none.npy: cannot read the file: no such file or folder"),
    (
      "run net.graph --input x=[1,2]", 1,
      "net.graph:2:9: error: expected f32[1, 3] for input 'x', found shape [2]"
    ),
    ("run net.graph --input x=[1,2", 1, "<command line>:1:5: error: expected ']', found end of file"),
    ("run net.graph --input x=[[1,2],[3]]", 1, "<command line>:1:1: error: rows of a literal differ"),
    ("run net.graph --input x=.", 1, "error: .: cannot read the file: it is a folder"),
    ("run net.graph --input x=net.graph", 1, "error: net.graph: not an .npy file"),
    ("run net.graph --input x=flat.npy", 1, "net.graph:2:9: error: expected f32[1, 3] for input 'x'"),
    ("run net.graph --input x=x.npy --set N=5", 1, "net.graph:2:9: error: expected f32[5, 3] for input 'x'"),
    (
      "run net.graph --input x=odd.npy", 1,
      "net.graph:2:9: error: expected f32 for 'x', found f64 in 'odd.npy'"
    ),
    (
      "run net.graph --input x=x.npy --set M=5", 1, "net.graph:1:7: error: graph 'scale' has no parameter 'M'"
    ),
    ("run net.graph --input x=x.npy --set N=five", 2, "graphc run: error: option '--set' wants an integer"),
    (
      "run net.graph --input x=x.npy --set N=1 --set N=1", 2,
      "graphc run: error: option '--set' gives 'N' twice"
    ),
    ("run net.graph --input x", 2, "graphc run: error: option '--input' wants NAME=FILE.npy, found 'x'"),
    (
      "run net.graph --input x=x.npy --input x=x.npy", 2,
      "graphc run: error: option '--input' gives 'x' twice"
    ),
    (
      "run net.graph --input x=x.npy --scale 0", 2,
      "graphc run: error: option '--scale' wants a number other than 0"
    ),
    (
      "run net.graph --input x=x.npy --output-dir x.npy", 1,
      "error: x.npy: cannot write the folder: it is a file"
    ),
    (
      "run net.graph --input x=x.npy --weights none.st", 1,
      "error: weights file 'none.st': cannot read the file: no such file or folder"
    ),
    (
      "run net.graph --input x=x.npy --interpreter --weight-type f16", 2,
      "graphc run: error: option '--weight-type' does not go with '--interpreter'"
    ),
    ("run . --input x=x.npy", 1, "error: .: cannot read the file: it is a folder"),
    ("run none.graph", 1, "error: none.graph: cannot read the file: no such file or folder"),
    ("run none.onnx", 1, "error: none.onnx: cannot read the file: no such file or folder"),
    ("run net.onnx", 1, "net.onnx: error: not an ONNX model"),
    ("run trained.graph --input label=x.npy", 1, "error: 'label' is an input of the train section"),
    ("run net.graph --input x=x.npy --labels three.npy", 1, "error: three.npy: expected 2 labels, found 3"),
    ("run net.graph --input x=x.npy --labels odd.npy", 1, "error: odd.npy: expected 2 labels, found 3"),
    (
      "run net.graph --input x=x.npy --labels wild.npy", 1,
      "error: wild.npy: expected labels from 0 to 2, found 3"
    ),
    (
      "run net.graph --input x=x.npy --classes a,b", 1,
      "error: --classes: expected 3 class names for output 'y'"
    ),
    ("run net.graph --input x=x.npy --classes none", 1, "error: none: cannot read the file"),
    ("run net.graph --input x=x.npy --show 1", 1, "error: '--show' wants an input with 2 images"),
    ("run net.graph --input x=x.npy --show 0", 2, "graphc run: error: option '--show' wants an integer"),
    ("run", 2, "graphc run: error: expected NET: a network: a .graph or an .onnx file"),
  ])
  func mistakes(_ line: String, _ status: Int32, _ headline: String) throws {
    let workspace = try workspace()
    try workspace.write("net.onnx", "any")
    try workspace.write("trained.graph", Networks.trained)
    try workspace.write("flat.npy", StoredTensor(shape: [3], [1, 2, 3] as [Float]))
    try workspace.write("odd.npy", StoredTensor(shape: [1, 3], [0.1, 0.2, 0.3] as [Double]))
    try workspace.write("three.npy", StoredTensor(shape: [3], [0, 1, 2] as [UInt8]))
    try workspace.write("wild.npy", StoredTensor(shape: [2], [0, 3] as [UInt8]))
    let files = try workspace.contents()
    let outcome = try workspace.graphc(line.replacing("run ", with: "run --interpreter "))
    #expect(outcome.status == status)
    #expect(outcome.headline.hasPrefix(headline))
    #expect(outcome.headline.count <= 400)
    #expect(outcome.output == "")
    #expect(try workspace.contents() == files, "a run that fails leaves no files")
  }

  @Test func allMistakesOfTheInputsAreToldAtOnce() throws {
    let workspace = try workspace()
    try workspace.write("two.graph", Networks.two)
    try workspace.write("a.npy", StoredTensor(shape: [2], [1, 2] as [Float]))
    try workspace.write("b.npy", StoredTensor(shape: [3], [1, 2, 3] as [Float]))
    let outcome = try workspace.graphc("run two.graph --input a=a.npy --input b=b.npy --input c=a.npy")
    #expect(
      outcome.errors == """
        two.graph:3:9: error: expected f32[2] for input 'b', found shape [3] in 'b.npy'
          3 |   input b: f32[N]
            |         ^
        note: 'N' is 2 after input 'a'
        error: graph 'two' has no input 'c'
          it has 'a', 'b'

        """)
  }

  @Test func aMissingCompilerHasACure() throws {
    let outcome = try workspace().graphc(
      "run net.graph --input x=x.npy", environment: ["PATH": "/none", "CC": "none"])
    #expect(outcome.status == 1)
    #expect(outcome.headline.hasPrefix("error: no C compiler found: install clang or gcc"))
  }

  @Test func aCompilerThatRefusesIsOurBug() throws {
    let workspace = try workspace()
    try workspace.write("cc", "#!/bin/sh\necho 'this line is wrong'\nexit 1\n")
    try #require(chmod(workspace.path("cc"), 0o755) == 0)
    let outcome = try workspace.graphc(
      "run net.graph --input x=x.npy --output-dir out", environment: ["CC": workspace.path("cc")])
    #expect(outcome.status == 4)
    #expect(outcome.headline.contains("a bug of graphc"))
    #expect(outcome.errors.contains("this line is wrong"))
    #expect(try !workspace.contents().contains("out"))
  }

  @Test(arguments: [
    ("y", "y.npy"), ("gpu_0/softmax_1", "gpu_0%2Fsoftmax_1.npy"), ("..", "%2E..npy"), (".a", "%2Ea.npy"),
    ("a.b-c_D9", "a.b-c_D9.npy"), ("ä 100%", "%C3%A4%20100%25.npy"), ("a\u{0}\n", "a%00%0A.npy"),
  ])
  func fileNames(_ name: String, _ file: String) {
    #expect(OutputFiles.fileName(name) == file)
  }
}
