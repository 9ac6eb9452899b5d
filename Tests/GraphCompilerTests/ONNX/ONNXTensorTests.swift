import LoopIR
import SourceText
import TensorFiles
import Testing

@testable import GraphCompiler

/// Initializers in every element type, as typed numbers and as raw bytes.
@Suite struct ONNXTensorTests {
  /// A type by its number, the field that has its typed numbers, the two numbers as that field and as bytes,
  /// and what they mean.
  struct Row: Sendable, CustomTestStringConvertible {
    var element: ElementType
    var number: Int
    var field: Int
    var typed: [UInt8]
    var raw: [UInt8]
    var values: [Double]

    init(
      _ element: ElementType, _ number: Int, integers: [Int], raw: [UInt8], _ values: [Double], field: Int = 5
    ) {
      (self.element, self.number, self.field) = (element, number, field)
      typed = integers.flatMap { ONNXMessage.varint(UInt64(bitPattern: Int64($0))) }
      (self.raw, self.values) = (raw, values)
    }

    /// A type whose typed numbers have the bytes of the raw ones.
    init(_ element: ElementType, _ number: Int, raw: [UInt8], _ values: [Double], field: Int) {
      (self.element, self.number, self.field) = (element, number, field)
      (typed, self.raw, self.values) = (raw, raw, values)
    }

    var testDescription: String { element.rawValue }
  }

  private static func wide(_ values: [Int64]) -> [UInt8] { values.flatMap { ONNXMessage.littleEndian($0) } }

  static let rows = [
    Row(.f32, 1, raw: ONNXMessage.littleEndian([1.5, -2]), [1.5, -2], field: 4),
    Row(.u8, 2, integers: [1, 255], raw: [1, 255], [1, 255]),
    Row(.i8, 3, integers: [1, -2], raw: [1, 254], [1, -2]),
    Row(.u16, 4, integers: [1, 65535], raw: [1, 0, 255, 255], [1, 65535]),
    Row(.i16, 5, integers: [1, -2], raw: [1, 0, 254, 255], [1, -2]),
    Row(.i32, 6, integers: [1, -2], raw: [1, 0, 0, 0, 254, 255, 255, 255], [1, -2]),
    Row(.i64, 7, integers: [1, -2], raw: wide([1, -2]), [1, -2], field: 7),
    Row(.bool, 9, integers: [1, 0], raw: [1, 0], [1, 0]),
    Row(.f16, 10, integers: [0x3E00, 0xC000], raw: [0, 0x3E, 0, 0xC0], [1.5, -2]),
    Row(.f64, 11, raw: wide([1.5, -2].map { Int64(bitPattern: $0.bitPattern) }), [1.5, -2], field: 10),
    Row(
      .u32, 12, integers: [1, 1 << 32 - 1], raw: [1, 0, 0, 0, 255, 255, 255, 255], [1, 0xFFFF_FFFF], field: 11
    ),
    Row(.u64, 13, integers: [1, 2], raw: wide([1, 2]), [1, 2], field: 11),
    Row(.bf16, 16, integers: [0x3FC0, 0xC000], raw: [0xC0, 0x3F, 0, 0xC0], [1.5, -2]),
  ]

  private static func model(_ tensor: ONNXMessage) -> ONNXTestModel {
    ONNXTestModel(inputs: [], initializers: [tensor])
  }

  @Test func coversEveryElementType() {
    #expect(Set(Self.rows.map(\.element)) == Set(ElementType.allCases))
  }

  @Test(arguments: rows)
  func typedAndRawNumbersMeanTheSame(_ row: Row) throws {
    let typed = try Self.model(.data("y", row.number, [2]) { $0.bytes(row.field, row.typed) }).data()
    let raw = try Self.model(.data("y", row.number, [2]) { $0.bytes(9, row.raw) }).data()
    #expect(typed.type == TensorType(row.element, [2]))
    #expect(typed == raw)
    #expect(raw.doubles == row.values)
  }

  @Test(arguments: rows)
  func countsMustAgree(_ row: Row) {
    for shape in [[3], [1], [2, 2], [0]] {
      let typed = Self.model(.data("y", row.number, shape) { $0.bytes(row.field, row.typed) })
      expectRefusal(typed, "takes \(shape.reduce(1, *)) numbers, found 2")
      let raw = Self.model(.data("y", row.number, shape) { $0.bytes(9, row.raw) })
      expectRefusal(raw, "bytes, found \(row.raw.count)")
    }
  }

  @Test func numbersMayStandOneByOne() throws {
    let unpacked = ONNXMessage.data("y", 1, [2]) {
      $0.float(4, 1)
      $0.float(4, 2)
    }
    #expect(try Self.model(unpacked).data().doubles == [1, 2])
    #expect(try Self.model(.data("y", 7, [1]) { $0.number(7, -5) }).data().doubles == [-5])
  }

  @Test func emptyTensorsNeedNoData() throws {
    #expect(try Self.model(.data("y", 1, [0, 3])).data().type == TensorType(.f32, [0, 3]))
    expectRefusal(Self.model(.data("y", 1, [1])), "takes 1 numbers, found 0")
  }

  static let shapes: [([Int], String)] = [
    ([-1], "negative or too large"), ([1 << 62, 8], "negative or too large"),
    ([.max, .max], "negative or too large"),
    ([1 << 40], "negative or too large"), ([0, .max], "negative or too large"),
    ([Int](repeating: 1, count: 33), "expected at most 32 axes, found 33"),
  ]

  @Test(arguments: shapes.indices)
  func refusesImpossibleShapes(_ place: Int) {
    let (shape, words) = Self.shapes[place]
    expectRefusal(Self.model(.data("y", 1, shape) { $0.bytes(9, [0, 0, 0, 0]) }), words)
  }

  @Test func refusesOtherData() {
    expectRefusal(
      Self.model(.data("y", 1, [1]) { $0.number(5, 1) }), "expected the data of f32[1], found integer data")
    expectRefusal(
      Self.model(.data("y", 7, [1]) { $0.float(4, 1) }), "expected the data of i64[1], found float_data")
    expectRefusal(
      Self.model(.data("y", 8, [1]) { $0.text(6, "a") }), "elements of type string are not supported",
      kind: .unsupported)
    expectRefusal(Self.model(.data("y", 99, [1])), "elements of type number 99", kind: .unsupported)
    expectRefusal(Self.model(.data("y", 22, [1])), "elements of type int4", kind: .unsupported)
  }

  @Test func unsignedNumbersBeyondInt64AreRefusedOrKept() {
    let large = Self.model(.data("y", 13, [1]) { $0.bytes(9, [UInt8](repeating: 255, count: 8)) })
    #expect(large.complaints().allSatisfy { $0.kind == .invalidInput })
  }

  /// The text has one NaN; those with other bits are named by hash there.
  @Test func everyNaNKeepsItsBits() throws {
    for bits: UInt32 in [0x7FC0_0000, 0x7F9F_9183, 0xFFC0_0001] {
      let w = ONNXMessage.data("w", [2], [Float(bitPattern: bits), 1])
      let model = ONNXTestModel(
        nodes: [.node("Add", ["x", "w"], ["y"])], inputs: [.value("x", [2])], initializers: [w])
      let graph = try model.imported().graph
      var options = GraphParser.Options()
      options.blobs = graph.blobs
      let source = SourceFile(path: "again.graph", text: graph.text)
      #expect(try GraphParser.parse(source, options: options).graph == graph)
    }
    let slope = ONNXTestModel(nodes: [.node("LeakyRelu", ["x"], ["y"], .float("alpha", .nan))])
    expectRefusal(slope, "expected numbers for attribute 'alpha', found NaN")
  }
}
