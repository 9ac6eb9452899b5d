import Testing

@testable import GraphCompiler

/// Bytes that are no model, or end too early.
@Suite struct ONNXWireTests {
  static let sound = ONNXTestModel(nodes: [.node("Relu", ["x"], ["y"])])

  static let malformed: [(ONNXMessage, String)] = [
    ([0x07], "a field has no number"),
    ([0x3B], "unknown wire type 3"), ([0x0C], "unknown wire type 4"), ([0x0E], "unknown wire type 6"),
    ([0x08], "the bytes end within a number"),
    ([0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], "more than ten bytes"),
    ([0x3A, 0x05, 0x00], "a field of 5 bytes ends behind its message"),
    ([0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], "ends behind its message"),
    ([0x09, 0, 0, 0], "end within a number"), ([0x0D, 0, 0], "end within a number"),
    ([0x3D, 0, 0, 0, 0], "field 7 is not a string or a message"), ([0x0A, 0], "field 1 is not an integer"),
    ([0x3A, 0x02, 0x0A, 0x07], "a field of 7 bytes ends behind its message"),
  ]

  @Test(arguments: malformed.indices)
  func refusesMalformedBytes(_ place: Int) {
    let (message, words) = Self.malformed[place]
    let found = ONNXTestModel.complaints(message.bytes)
    #expect(found.map(\.id) == ["malformed-model"])
    #expect(found.first?.message.contains(words) == true, "\(found.map(\.message))")
    #expect(found.first?.message.contains("(byte ") == true)
  }

  @Test func everyPrefixEndsInADiagnostic() {
    let bytes = Self.sound.message.bytes
    #expect(ONNXTestModel.complaints(bytes).isEmpty)
    for count in bytes.indices where ONNXTestModel.complaints(Array(bytes[..<count])).isEmpty {
      Issue.record("the first \(count) bytes of \(bytes.count) are taken for a model")
    }
  }

  @Test func unknownFieldsAreSkipped() {
    var extra = ONNXMessage()
    extra.number(77, -1)
    extra.float(78, 1)
    extra.bytes(99, [1, 2, 3])
    #expect(ONNXTestModel.complaints(extra.bytes + Self.sound.message.bytes).isEmpty)
  }

  @Test func tenByteNumbersAreNegativeOrCutTo64Bits() throws {
    var model = Self.sound
    model.nodes = [.node("Softmax", ["x"], ["y"], .int("axis", -2))]
    #expect(try model.imported().graph.nodes.first?.op as? Softmax == Softmax(axis: 0))
  }

  @Test func controlCharactersInNamesStayInside() throws {
    var model = ONNXTestModel(
      nodes: [.node("Relu", ["a\nb\u{0}"], ["y/é 1"])], inputs: [.value("a\nb\u{0}", [2])])
    model.outputs = ["y/é 1"]
    let imported = try model.imported()
    #expect(imported.names.outside(imported.graph.outputs[0].name) == "y/é 1")
    #expect(imported.names.inGraph("a\nb\u{0}") == imported.graph[imported.graph.inputs[0]].name)
  }
}
