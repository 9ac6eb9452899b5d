import Foundation
import SourceText
import TensorFiles
import Testing

@testable import graphc

@Suite struct CompileCommandTests {
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.write("net.graph", Networks.scale)
    return workspace
  }

  private static let sources = [
    "include", "include/module.modulemap", "include/scale.h", "scale.c", "scale_avx2.c", "scale_avx512.c",
    "scale_neon.c", "scale_portable.c",
  ]

  @Test func aTargetLeavesTheOthersOut() throws {
    let workspace = try workspace()
    let outcome = try workspace.graphc("compile net.graph --target avx2")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let others = ["scale_avx512.c", "scale_neon.c", "scale_portable.c"]
    #expect(try workspace.contents("scale") == (Self.sources + ["scale.weights"]).filter { !others.contains($0) }.sorted())
    let dispatch = try String(contentsOfFile: workspace.path("scale/scale.c"), encoding: .utf8)
    #expect(dispatch.contains("scale_forward_avx2(") && !dispatch.contains("cpu_supports"))
    #expect(dispatch.contains("#error \"made for __x86_64__ alone"))
  }

  @Test func sourcesGoToAFolderNamedLikeTheGraph() throws {
    let workspace = try workspace()
    let outcome = try workspace.graphc("compile net.graph")
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("scale(x: f32[1, 3]) -> y: f32[1, 3], sum: f32[]\n"))
    #expect(outcome.output.contains("cc -O2 -c -I scale/include scale/*.c\n"))
    #expect(try workspace.contents("scale") == (Self.sources + ["scale.weights"]).sorted())
  }

  @Test func embeddedWeightsAreSource() throws {
    let workspace = try workspace()
    try workspace.graphc("compile net.graph --embed-weights -o deep/er")
    #expect(try workspace.contents("deep/er") == (Self.sources + ["scale_weights.c"]).sorted())
  }

  @Test func weightsOfAFile() throws {
    let workspace = try workspace()
    let random = try workspace.graphc("compile net.graph -o random").output
    #expect(random.contains(" 3 parameters, 12 bytes\n"))
    let tensor = StoredTensor(shape: [3], [2, 0.5, -1] as [Float])
    let weights = try #require(SafetensorsFile(tensors: [("w", tensor)]))
    try weights.write(to: workspace.path("w.safetensors"))
    #expect(try workspace.graphc("compile net.graph --weights w.safetensors -o given").status == 0)
    let blobs = ["random", "given"].map {
      FileManager.default.contents(atPath: workspace.path("\($0)/scale.weights"))
    }
    #expect(blobs[0] != blobs[1])
    #expect(blobs[1]?.count == blobs[0]?.count)
    #expect(try workspace.graphc("verify net.graph -w w.safetensors").status == 0)
    let run = try workspace.graphc("run net.graph -w w.safetensors --input x=[[1,1,1]] --interpreter")
    #expect(run.output.hasPrefix("y: f32[1, 3] = 2.0, 0.5, -1.0\n"))
  }

  @Test func sameInputSameBytes() throws {
    let workspace = try workspace()
    try workspace.graphc("compile net.graph -o first")
    try workspace.graphc("compile net.graph -o second")
    for file in try workspace.contents("first") where file.contains(".") {
      let copies = ["first", "second"].map {
        FileManager.default.contents(atPath: workspace.path("\($0)/\(file)"))
      }
      #expect(copies[0] == copies[1])
    }
  }

  @Test func otherFilesOfTheFolderStay() throws {
    let workspace = try workspace()
    try FileManager.default.createDirectory(atPath: workspace.path("out"), withIntermediateDirectories: false)
    try workspace.write("out/mine.txt", "mine")
    try workspace.graphc("compile net.graph -o out")
    #expect(try workspace.contents("out") == (Self.sources + ["mine.txt", "scale.weights"]).sorted())
  }

  @Test func reportForMachines() throws {
    let json = try workspace().graphc("compile net.graph --json --set N=4 --print-after plan-arena").json()
    #expect(json["graph"] == .string("scale"))
    #expect(json["parameters"] == .int(3))
    #expect(json["dumps"]?.arrayValue?.map { $0["pass"]?.stringValue } == ["plan-arena"])
    let paths = json["files"]?.arrayValue?.compactMap { $0["path"]?.stringValue } ?? []
    #expect(paths.contains("include/scale.h"))
  }

  @Test(arguments: [("graph", "graph scale {"), ("program", "program scale {"), ("kernels", "kernel ")])
  func textForms(_ form: String, _ start: String) throws {
    let workspace = try workspace()
    let printed = try workspace.graphc("compile net.graph --emit \(form)")
    #expect(printed.status == 0)
    #expect(printed.output.hasPrefix(start))
    try workspace.graphc("compile net.graph --emit \(form) -o form.txt")
    #expect(try String(contentsOfFile: workspace.path("form.txt"), encoding: .utf8) == printed.output)
  }

  @Test func theGraphFormIsANetwork() throws {
    let workspace = try workspace()
    try workspace.graphc("compile net.graph --emit graph -o again.graph")
    #expect(try workspace.graphc("check again.graph").output == "again.graph: ok\n")
  }

  @Test func dumpsComeInOrder() throws {
    let all = try workspace().graphc("compile net.graph --emit graph --print-after-all").output
    let heads = all.split(separator: "\n").filter { $0.hasPrefix("// after ") }
      .map { String($0.dropFirst(9)).replacing(" (unchanged)", with: "") }
    #expect(heads == PassNames.all)
    let one = try workspace().graphc("compile net.graph --emit graph --print-after drop-training").output
    #expect(one.hasPrefix("// after drop-training"))
    #expect(one.count { $0 == "\n" } < all.count { $0 == "\n" })
  }

  @Test(arguments: [
    ("compile broken.graph", 1, "broken.graph:3:19: error: unknown operator or block 'rleu'"),
    ("compile net.graph -o net.graph", 1, "error: net.graph: cannot write the folder: it is a file"),
    (
      "compile net.graph -o net.graph/out", 1,
      "error: net.graph/out: cannot write the folder: a part of the path is not a folder"
    ),
    ("compile net.graph -o full", 1, "error: full/scale.c: cannot write the file: it is a folder"),
    ("compile net.graph --emit graph -o full", 1, "error: full: cannot write the file: it is a folder"),
    (
      "compile net.graph --weights net.graph", 1,
      "error: weights file 'net.graph': the header is longer than the file"
    ),
    (
      "compile net.graph --train --weight-type f16", 2,
      "graphc compile: error: option '--weight-type' goes with C code that is not trained"
    ),
    ("compile net.graph --emit pdf", 2, "graphc compile: error: option '--emit' wants one of c, "),
    ("compile net.graph --print-after fusion", 2, "graphc compile: error: option '--print-after'"),
    ("compile huge.graph", 1, "error: the parameter block of graph 'huge' takes 1.28 TB"),
    ("compile net.onnx", 1, "net.onnx: error: not an ONNX model"),
  ])
  func failuresLeaveNothing(_ line: String, _ status: Int32, _ headline: String) throws {
    let workspace = try workspace()
    try workspace.write("broken.graph", "graph broken {\n  input x: f32[2]\n  output y = x -> rleu\n}\n")
    try workspace.write("net.onnx", "any")
    try workspace.write(
      "huge.graph",
      """
      graph huge {
        input x: f32[1, 400000]
        output y = x -> fc(400000, bias: false) -> fc(400000, bias: false)
      }
      """)
    try FileManager.default.createDirectory(
      atPath: workspace.path("full/scale.c"), withIntermediateDirectories: true)
    let files = try workspace.contents()
    let outcome = try workspace.graphc(line)
    #expect(outcome.status == status)
    #expect(outcome.headline.hasPrefix(headline))
    #expect(try workspace.contents() == files)
  }

  @Test(.enabled(if: geteuid() != 0, "the super-user writes everywhere"))
  func foldersThatCannotBeWritten() throws {
    let workspace = try workspace()
    try FileManager.default.createDirectory(
      atPath: workspace.path("locked"), withIntermediateDirectories: false,
      attributes: [.posixPermissions: 0o555])
    let outcome = try workspace.graphc("compile net.graph -o locked/out")
    #expect(outcome.status == 1)
    #expect(outcome.headline.hasSuffix("permission denied"))
  }
}
