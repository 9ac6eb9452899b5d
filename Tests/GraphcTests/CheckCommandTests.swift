import SourceText
import Testing

@Suite struct CheckCommandTests {
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.write("good.graph", Networks.scale)
    try workspace.write(
      "warned.graph", "graph warned {\n  input x: f32[2]\n  input z: f32[2]\n  output y = relu(x)\n}\n")
    try workspace.write(
      "bad.graph", "graph bad {\n  input x: f32[2]\n  a = rleu(x)\n  output y = tanhh(a)\n}\n")
    return workspace
  }

  @Test func goodFiles() throws {
    let outcome = try workspace().graphc("check good.graph warned.graph")
    #expect(outcome.status == 0)
    #expect(outcome.output == "good.graph: ok\nwarned.graph: ok, 1 warning\n")
    #expect(
      outcome.errors == """
        warned.graph:3:9: warning: input 'z' is never used
          3 |   input z: f32[2]
            |         ^

        """)
  }

  @Test func everyFileIsReported() throws {
    let outcome = try workspace().graphc("check bad.graph none.graph good.graph")
    #expect(outcome.status == 1)
    #expect(outcome.output == "good.graph: ok\n")
    #expect(
      outcome.errors == """
        bad.graph:3:7: error: unknown operator or block 'rleu'
          3 |   a = rleu(x)
            |       ^~~~ did you mean 'relu'?
        bad.graph:4:14: error: unknown operator or block 'tanhh'
          4 |   output y = tanhh(a)
            |              ^~~~~ did you mean 'tanh'?
        error: none.graph: cannot read the file: no such file or folder

        """)
  }

  @Test func reportForMachines() throws {
    let outcome = try workspace().graphc("check bad.graph good.graph --json")
    #expect(outcome.status == 1)
    #expect(outcome.errors == "")
    let reports = try #require(try outcome.json().arrayValue)
    #expect(reports.map { $0["ok"] } == [.bool(false), .bool(true)])
    let first = try #require(reports[0]["diagnostics"]?.arrayValue?.first)
    #expect(first["line"] == .int(3))
    #expect(first["help"] == .string("did you mean 'relu'?"))
  }

  @Test func settingsAreChecked() throws {
    let outcome = try workspace().graphc("check good.graph --set N=-1")
    #expect(outcome.status == 1)
    #expect(outcome.headline == "good.graph:2:16: error: expected an extent of at least 0, found -1")
  }

  @Test func namesCannotDisturbTheTerminal() throws {
    let workspace = try workspace()
    try workspace.write("a\u{1b}b.graph", Networks.scale)
    #expect(try workspace.graphc(["check", "a\u{1b}b.graph"]).output == "a\\u{1b}b.graph: ok\n")
  }

  @Test func modelsThatAreNone() throws {
    let workspace = try workspace()
    try workspace.write("net.onnx", "any")
    let outcome = try workspace.graphc("check net.onnx")
    #expect(outcome.status == 1)
    #expect(outcome.errors.hasPrefix("net.onnx: error: not an ONNX model"))
  }
}
