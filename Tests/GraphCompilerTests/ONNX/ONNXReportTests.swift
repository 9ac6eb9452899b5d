import SourceText
import Testing

@testable import GraphCompiler

/// What is said of a model that has nodes which are not supported: all of them, at once.
@Suite struct ONNXReportTests {
  private static let model = ONNXTestModel(
    nodes: [
      .node("StringNormalizer", ["x"], ["a"], name: "norm"), .node("Relu", ["x"], ["r"]),
      .node("NonZero", ["r"], ["n1"], name: "first"), .node("NonZero", ["n1"], ["n2"], name: "second"),
      .node("Reluu", ["r"], ["q"]), .node("Softmax", ["r"], ["s"], name: "soft", .int("sharpness", 3)),
      .node("Add", ["r", "x"], ["y"]),
    ], outputs: ["y", "n2", "s"])

  @Test func everyNodeIsReported() {
    let found = Self.model.complaints()
    #expect(found.allSatisfy { $0.kind == .unsupported })
    #expect(
      found.map(\.message) == [
        "operator 'StringNormalizer' is not supported: node 'norm' (StringNormalizer)",
        "operator 'NonZero' is not supported: node 'first' (NonZero) and 1 more",
        "operator 'Reluu' is not supported: node of output 'q' (Reluu)",
        "node 'soft' (Softmax): attribute 'sharpness' is not supported",
      ])
    #expect(found[1].notes.map(\.message) == ["also node 'second' (NonZero)"])
    #expect(found[2].help == "did you mean 'Relu'?")
    #expect(found[3].help == "those that are read here: 'axis'")
  }

  @Test func machinesGetNamesApart() throws {
    let report = DiagnosticRenderer.json(Self.model.complaints())
    let entries = try #require(report.arrayValue)
    #expect(entries[1]["operators"] == .array([.string("NonZero")]))
    #expect(entries[1]["nodes"] == .array([.string("first"), .string("second")]))
    #expect(entries[2]["nodes"] == .array([.string("q")]))
    #expect(entries[3]["operators"] == .array([.string("Softmax")]))
    // A model has no lines.
    #expect(entries.allSatisfy { $0["file"] != nil && $0["line"] == nil && $0["unsupported"] == .bool(true) })
  }

  @Test func nothingUnsupportedIsLeftOutOfTheText() {
    let nodes = (0..<40).map { ONNXMessage.node("Strange\($0)", ["x"], ["y\($0)"]) }
    let model = ONNXTestModel(nodes: nodes, outputs: ["y0"])
    let text = DiagnosticRenderer().render(model.complaints())
    #expect((0..<40).allSatisfy { text.contains("operator 'Strange\($0)' is not supported") })
    #expect(!text.contains(" | "))
  }
}
