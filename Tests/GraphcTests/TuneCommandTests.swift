import Foundation
import KernelRunner
import SourceText
import Testing

@testable import graphc

/// What is measured once stands in a file that later commands use.
@Suite struct TuneCommandTests {
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.write("tiny.graph", Networks.convolution)
    try workspace.write("wide.graph", Networks.wide)
    return workspace
  }

  private func text(_ name: String, _ workspace: Workspace) throws -> String {
    try String(contentsOfFile: workspace.path(name), encoding: .utf8)
  }

  /// A choice that changes the second convolution of the network.
  private static let direct = """
    // by hand
    tuning {
      winograd 0: "y[n,o,i,j] = max(sum(c,p,q) x[n,c,i+p-1,j+q-1 | 0] * w[o,c,p,q] + b[o], 0); c < 16, p < 3, q < 3; \
    x: f32[1, 16, 16, 16], w: f32[16, 16, 3, 3], b: f32[16], y: f32[1, 16, 16, 16]"
      tile 3 on 16 lanes x 32: "y[i] = x[i]"
    }

    """

  @Test func whatIsMeasuredIsWrittenAndRead() throws {
    let workspace = try workspace()
    let outcome = try workspace.graphc("compile tiny.graph --tune -o first")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("\n  tuning "))
    let text = try text("tiny.tune", workspace)
    #expect(text.contains("Made by 'graphc compile tiny.graph --tune'"))
    #expect(text.contains("\ntuning {\n"))
    let again = try workspace.graphc("compile tiny.graph -o second")
    #expect(again.output.contains(" of tiny.tune\n"))
    try workspace.graphc("compile tiny.graph -o third")
    for file in try workspace.contents("first") where file.contains(".") {
      let copies = ["first", "second", "third"].map { FileManager.default.contents(atPath: workspace.path("\($0)/\(file)")) }
      #expect(copies[0] == copies[1] && copies[1] == copies[2])
    }
    #expect(try self.text("tiny.tune", workspace) == text)
    for line in ["verify tiny.graph", "verify tiny.graph --threads 2", "verify tiny.graph --target portable"] {
      #expect(try workspace.graphc(line).status == 0)
    }
  }

  @Test func everyCommandUsesTheFile() throws {
    let workspace = try workspace()
    let before = try workspace.graphc("explain wide.graph").output
    #expect(before.contains("conv_relu_winograd3_1: "))
    try workspace.write("wide.tune", Self.direct)
    let report = try workspace.graphc("compile wide.graph --json").json()
    #expect(report["tuning"]?["file"] == .string("wide.tune"))
    #expect(report["tuning"]?["choices"] == .int(1))
    #expect(try workspace.graphc("compile wide.graph").output.contains("\n  tuning   1 choice of wide.tune\n"))
    for line in ["explain wide.graph", "bench wide.graph --rounds 1", "compile wide.graph --emit kernels"] {
      let output = try workspace.graphc(line).output
      #expect(output.contains("conv_relu_2") && !output.contains("winograd"))
    }
    try workspace.write("wide.tune", "tuning {")
    for command in ["verify", "bench", "explain", "compile", "compile --tune"] {
      let outcome = try workspace.graphc("\(command) wide.graph")
      #expect(outcome.status == 1)
      #expect(outcome.headline == "wide.tune:1:9: error: expected a choice or '}', found end of file")
    }
  }

  @Test func aRunUsesTheFile() throws {
    let workspace = try workspace()
    try workspace.write("scale.graph", Networks.scale)
    try workspace.write("scale.tune", "tuning { tile }")
    let broken = try workspace.graphc("run scale.graph --input x=[[1,1,1]]")
    #expect(broken.status == 1)
    #expect(broken.headline.hasPrefix("scale.tune:1:15: error: expected 1 to 32 pixels for 'tile'"))
    try workspace.write("scale.tune", "tuning { }")
    #expect(try workspace.graphc("run scale.graph --input x=[[1,1,1]]").output.hasPrefix("y: f32[1, 3] = 1.0, 1.0, 1.0\n"))
  }

  /// Choices for other processors and sizes are worth keeping.
  @Test func choicesForOthersStay() throws {
    let workspace = try workspace()
    let other = #"tile 3 on 4 lanes x 32 (1.5 us, was 2.0 us): "y[i] = x[i]""#
    try workspace.write("tiny.tune", "tuning {\n  \(other)\n}\n")
    let outcome = try workspace.graphc("compile tiny.graph --tune --target \(HostProcessor.instructionSet) --json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let report = try outcome.json()
    #expect(report["tuning"]?["microseconds"] != nil && report["tuning"]?["microsecondsBefore"] != nil)
    #expect(try text("tiny.tune", workspace).contains("\n  \(other)\n"))
  }

  @Test(arguments: ["--train", "--emit onnx"]) func whatIsNotMeasured(_ option: String) throws {
    let workspace = try workspace()
    let files = try workspace.contents()
    let outcome = try workspace.graphc("compile tiny.graph --tune \(option)")
    #expect(outcome.status == 2)
    #expect(outcome.headline == "graphc compile: error: option '--tune' does not go with '\(option)'")
    #expect(try workspace.contents() == files)
  }

  @Test func processorsThatAreNotHere() throws {
    let other = HostProcessor.instructionSets.contains("neon") ? "avx2" : "neon"
    let outcome = try workspace().graphc("compile tiny.graph --tune --target \(other)")
    #expect(outcome.status == 3)
    #expect(outcome.headline == "error: this processor has none of \(other), so that nothing can be measured")
  }

  @Test func aFileThatCannotBeWrittenIsFoundBeforehand() throws {
    let workspace = try workspace()
    try FileManager.default.createDirectory(atPath: workspace.path("tiny.tune"), withIntermediateDirectories: false)
    let outcome = try workspace.graphc("compile tiny.graph --tune")
    #expect(outcome.status == 1)
    #expect(outcome.headline == "error: tiny.tune: cannot write the file: it is a folder")
  }

  @Test(arguments: [
    ("net.graph", "net.tune"), ("a.b/net.onnx", "a.b/net.tune"), ("a.b/net", "a.b/net.tune"), ("v1.2.graph", "v1.2.tune"),
  ]) func theFileLiesBesideTheNetwork(_ network: String, _ path: String) {
    #expect(TuningFile(beside: network).path == path)
  }
}
