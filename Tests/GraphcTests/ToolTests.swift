import Foundation
import GraphCompiler
import KernelRunner
import SourceText
import Testing

@testable import graphc

/// Commands without a test file of their own, and what all have in common.
@Suite struct ToolTests {
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.write("net.graph", Networks.scale)
    return workspace
  }

  static let commandNames = Tool.allCommands.map { $0.spec.name }

  @Test(arguments: commandNames) func everyCommandHasExamples(_ command: String) throws {
    let outcome = try workspace().graphc("\(command) --help")
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    #expect(outcome.output.hasPrefix("usage: graphc \(command) [options]"))
    #expect(outcome.output.contains("\nexamples:\n  "))
  }

  @Test func version() throws {
    for line in ["--version", "run --version"] {
      #expect(try workspace().graphc(line).output == "graphc \(Tool.version)\n")
    }
  }

  @Test(arguments: [
    ("", "graphc: error: expected a command"), ("fly", "graphc: error: unknown command 'fly'"),
    ("check", "graphc check: error: expected NET: networks: .graph or .onnx files"),
    ("run net.graph --embed-weights", "graphc run: error: unknown option '--embed-weights'"),
    ("ops cov", "graphc ops: error: OPERATOR knows no 'cov'"),
    ("completion tcsh", "graphc completion: error: SHELL wants one of bash, zsh, fish"),
    ("opt net.graph --pass fold", "graphc opt: error: option '--pass' knows no 'fold'"),
    ("verify net.graph --tolerance x", "graphc verify: error: option '--tolerance' wants a number"),
    ("verify net.graph --seed -1", "graphc verify: error: option '--seed' wants an integer"),
  ])
  func wrongUsage(_ line: String, _ headline: String) throws {
    let outcome = try workspace().graphc(line)
    #expect(outcome.status == 2)
    #expect(outcome.output == "")
    #expect(outcome.headline.hasPrefix(headline))
  }

  @Test(arguments: Shell.allCases) func completionKnowsTheCommands(_ shell: Shell) throws {
    let script = try workspace().graphc("completion \(shell.rawValue)").output
    #expect(Self.commandNames.allSatisfy(script.contains))
    #expect(script.contains("expand-composites"))
    guard shell == .bash else { return }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-n", "-c", script]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  @Test func outputThatNobodyTakes() throws {
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    let program = try #require(Workspace.executable).path
    process.arguments = ["-c", "'\(program)' ops > /dev/full 2> /dev/null"]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 1)
  }

  // MARK: ops

  @Test func operators() throws {
    let workspace = try workspace()
    let list = try workspace.graphc("ops").output
    #expect(OpTable.all.allSatisfy { list.contains("\n\($0.name) ") || list.hasPrefix("\($0.name) ") })
    let page = try workspace.graphc("ops conv").output
    #expect(page.hasPrefix("conv(x, w, b?)\n"))
    #expect(page.contains("as a layer, with parameters of its own: conv(channels, kernel, bias: true)\n"))
    #expect(page.contains("\n  stride: [1] "))
    let table = try #require(try workspace.graphc("ops --json").json().arrayValue)
    #expect(table.compactMap { $0["name"]?.stringValue } == OpTable.all.map { $0.name })
  }

  // MARK: opt and golden

  @Test func passes() throws {
    let workspace = try workspace()
    try workspace.write("trained.graph", Networks.trained)
    let outcome = try workspace.graphc("opt trained.graph --pass drop-training -o out.graph")
    #expect(outcome.status == 0)
    let text = try String(contentsOfFile: workspace.path("out.graph"), encoding: .utf8)
    #expect(text.hasPrefix("graph trained {\n"))
    #expect(!text.contains("train {"))
    #expect(try workspace.graphc("opt trained.graph").output.contains("train {"))
  }

  @Test func passesOnPrograms() throws {
    let workspace = try workspace()
    let lowered = try workspace.graphc("opt net.graph --pass expand-composites,lower -o net.program")
    #expect(lowered.status == 0)
    let planned = try workspace.graphc("opt net.program --pass choose-schedules,share-kernels,plan-arena")
    #expect(planned.output.hasPrefix("program scale {\n  input x: f32[1, 3]\n"))
    #expect(planned.output.contains("\n  call mul_1(x, w, y) {\n    computes y by mul\n"))
    let source = try workspace.graphc("opt net.program --pass choose-schedules --emit c").output
    #expect(
      source.contains(
        "KERNEL void mul(const float *restrict a, const float *restrict b, float *restrict y) {\n"))
    try workspace.graphc("compile net.graph --emit kernels -o net.kernel")
    let kernels = try workspace.graphc("opt net.kernel --pass apply-schedules")
    #expect(try kernels.output == String(contentsOfFile: workspace.path("net.kernel"), encoding: .utf8))
  }

  @Test(arguments: [
    ("opt net.graph --pass plan-arena", "error: expected a program for pass 'plan-arena', found a graph"),
    (
      "opt net.program --pass drop-training",
      "error: expected a graph for pass 'drop-training', found a program"
    ),
    (
      "opt net.program --pass apply-schedules",
      "error: expected kernels for pass 'apply-schedules', found a program"
    ),
    ("opt net.graph --emit c", "error: expected a program or kernels for '--emit c', found a graph"),
    ("opt bad.program", "bad.program:1:1: error: 'w' is parameter and has no source"),
    ("opt bad.kernel", "bad.kernel:2:1: error: expected '{', found end of file"),
  ])
  func passesOnTheWrongText(_ line: String, _ headline: String) throws {
    let workspace = try workspace()
    try workspace.write("net.program", "program net {\n}\n")
    try workspace.write("bad.program", "program net {\n  parameter w: f32[2]\n}\n")
    try workspace.write("bad.kernel", "kernel k\n")
    let outcome = try workspace.graphc(line)
    #expect(outcome.status == 1)
    #expect(outcome.headline == headline)
  }

  @Test func goldenFiles() throws {
    let workspace = try workspace()
    let command = "// graphc check\ngraph net {\n}\n// ==>\n"
    try workspace.write("a.graph", command + "nothing\n")
    let differs = try workspace.graphc("golden a.graph")
    #expect(differs.status == 1)
    #expect(
      differs.output.hasPrefix(
        "a.graph: line 5 differs\n  expected  nothing\n  found     a.graph:2:7: error: "))
    #expect(differs.output.hasSuffix("\n0 passed, 1 failed\n"))
    #expect(try workspace.graphc("golden a.graph --update-golden").status == 1)
    #expect(try workspace.graphc("golden a.graph").output == "1 passed, 0 failed\n")
    try workspace.write("known-bug-b.graph", command + "nothing\n")
    #expect(try workspace.graphc("golden known-bug-b.graph").status == 0)
    #expect(
      try workspace.graphc("golden none").headline.hasPrefix("error: none: cannot read the golden files"))
  }

  // MARK: numbers in reports

  @Test(arguments: [
    (0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1.00 kB"), (9994, "9.99 kB"),
    (9996, "10.0 kB"),
    (99_960, "100 kB"), (999_500, "1.00 MB"), (246_824, "247 kB"), (.max, "9.22 EB"),
  ])
  func byteCounts(_ count: Int, _ text: String) {
    #expect(Quantities.bytes(count) == text)
  }

  @Test(arguments: [
    (0, "0"), (1, "1.00e+00"), (1.36e-7, "1.36e-07"), (14400, "1.44e+04"), (Double.infinity, "inf"),
    (9.999e-4, "1.00e-03"), (2e-300, "2.00e-300"),
  ])
  func errors(_ value: Double, _ text: String) {
    #expect(Quantities.error(value) == text)
  }

  @Test func tablesHaveNoTrailingSpaces() {
    var table = TextTable([.left, .right, .left])
    table.row("a", "10", "")
    table.row("bbb", "9", "c")
    #expect(table.lines(indent: "  ") == ["  a    10", "  bbb   9  c"])
  }
}
