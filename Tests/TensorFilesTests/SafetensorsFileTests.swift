import Testing

@testable import TensorFiles

@Suite struct SafetensorsFileTests {
  static func content(_ header: String, _ dataCount: Int = 0, claim: UInt64? = nil) -> [UInt8] {
    let length = claim ?? UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8)
      + [UInt8](repeating: 1, count: dataCount)
  }

  static func entry(_ type: String, _ shape: String, _ offsets: String) -> String {
    #"{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  static func read(_ bytes: [UInt8]) throws(TensorFileError) -> SafetensorsFile {
    try SafetensorsFile.read(file(bytes))
  }

  @Test func writesSortedAndAligned() throws {
    let written = try #require(
      SafetensorsFile(
        tensors: [
          ("z", StoredTensor(shape: [3], [1, 2, 3] as [UInt8])),
          ("b", StoredTensor(shape: [], [2] as [Float])),
          ("a", StoredTensor(shape: [1], [1] as [Float])),
          ("empty", StoredTensor(shape: [0, 2], [] as [Double])),
        ], metadata: [("v", "2"), ("made by", "\"me\"")]))
    let encoded = written.encode()
    let header = #"""
      {"__metadata__":{"made by":"\"me\"","v":"2"},\#
      "empty":{"dtype":"F64","shape":[0,2],"data_offsets":[0,0]},\#
      "a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},\#
      "b":{"dtype":"F32","shape":[],"data_offsets":[4,8]},\#
      "z":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}}
      """#
    let padding = (8 - header.utf8.count % 8) % 8
    let padded = header + String(repeating: " ", count: padding)
    #expect(encoded == Self.content(padded) + [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 1, 2, 3])

    let back = try Self.read(encoded)
    #expect(back.names == ["empty", "a", "b", "z"])
    #expect(back["b"]?.floats() == [2])
    #expect(back["c"] == nil)
    #expect(back.metadata.map(\.key) == ["made by", "v"])
    #expect(back.encode() == encoded)

    let folder = ScratchFolder()
    try written.write(to: folder.path + "/w.safetensors")
    #expect(try MappedFile(path: folder.path + "/w.safetensors").withBytes { Array($0) } == encoded)
  }

  @Test func namesAreUnique() {
    let one = StoredTensor(shape: [], [1] as [Float])
    #expect(SafetensorsFile(tensors: [("a", one), ("a", one)]) == nil)
  }

  @Test(arguments: StoredElementType.allCases)
  func elementTypesSurvive(element: StoredElementType) throws {
    let tensor = try StoredTensor(shape: [3], [0, 1, 1] as [Float]).converted(to: element)
    let encoded = try #require(SafetensorsFile(tensors: [("t", tensor)])).encode()
    #expect(try Self.read(encoded)["t"] == tensor)
  }

  @Test func weightsOfFashion() throws {
    let weights = try SafetensorsFile.read(repository + "/graphs/fashion/lenet5.safetensors")
    let layers = ["conv1", "conv2", "fc1", "fc2", "logits"]
    #expect(weights.names == layers.flatMap { ["\($0).weight", "\($0).bias"] })
    #expect(weights["conv2.weight"]?.description == "f32[16,6,5,5]")
    let values = weights.tensors.flatMap { $0.tensor.floats() }
    #expect(values.count == 61_706)
    #expect(values.allSatisfy { $0.isFinite && abs($0) < 10 })
  }

  static let malformed: [(String, Int, String)] = [
    (#"{"a":\#(entry("F32", "[1]", "[0,4]"))}"#, 3, "it ends at byte 4 of the data, found 3 bytes"),
    (#"{"a":\#(entry("F32", "[1]", "[0,4]"))}"#, 5, "the file has bytes after its tensors: 1 too many"),
    (#"{"a":\#(entry("F32", "[2]", "[0,4]"))}"#, 4, "f32[2] takes 8 bytes, its offsets span 4"),
    (#"{"a":\#(entry("F32", "[1]", "[4,8]"))}"#, 8, "follows a hole"),
    (#"{"a":\#(entry("U8", "[3]", "[0,3]")),"b":\#(entry("U8", "[2]", "[2,4]"))}"#, 4, "overlaps"),
    (#"{"a":\#(entry("F32", "[1]", "[4,0]"))}"#, 4, "not a begin and an end"),
    (#"{"a":\#(entry("F32", "[1]", "[-4,0]"))}"#, 4, "not a begin and an end"),
    (#"{"a":\#(entry("F32", "[1]", "[0,4,8]"))}"#, 4, "not a begin and an end"),
    (#"{"a":\#(entry("F32", "[1]", "[0,99999999999999999999]"))}"#, 4, "not a begin and an end"),
    (#"{"a":\#(entry("F32", "[-1]", "[0,4]"))}"#, 4, "its shape is not a list of extents"),
    (#"{"a":\#(entry("F32", "[1.5]", "[0,4]"))}"#, 4, "its shape is not a list of extents"),
    (#"{"a":\#(entry("F32", "[4611686018427387904,4]", "[0,4]"))}"#, 4, "its shape is not a list of extents"),
    (#"{"a":\#(entry("F8_E4M3", "[1]", "[0,1]"))}"#, 1, "element type 'F8_E4M3' is not one of"),
    (#"{"a":{"dtype":"F32"}}"#, 4, "expected the members"),
    (#"{"a":3}"#, 4, "expected the members"),
    (
      #"{"a":\#(entry("U8", "[1]", "[0,1]")),"a":\#(entry("U8", "[1]", "[1,2]"))}"#, 2,
      "name 'a' appears twice"
    ),
    (#"{"__metadata__":[]}"#, 0, "'__metadata__' is not an object"),
    (#"{"__metadata__":{"a":1}}"#, 0, "a value that is no string"),
    (#"{"a":}"#, 0, "expected a value at byte 13"),
    ("[1]", 0, "its header does not begin with '{'"),
    ("", 0, "its header does not begin with '{'"),
  ]

  @Test(arguments: malformed)
  func malformedFilesAreRefused(header: String, dataCount: Int, message: String) {
    let content = Self.content(header, dataCount)
    let text = refusal { () throws(TensorFileError) in _ = try Self.read(content) }
    #expect(text?.contains(message) == true, "\(text ?? "accepted")")
  }

  @Test(arguments: [UInt64.max, 1 << 63, 1 << 40, 3])
  func lyingLengths(claim: UInt64) {
    let content = Self.content("{}", claim: claim)
    #expect(
      refusal { () throws(TensorFileError) in _ = try Self.read(content) }
        == "the header is longer than the file: it claims \(claim) bytes, found 2")
  }

  @Test func everyTruncationIsRefused() throws {
    let tensor = StoredTensor(shape: [2], [1, 2] as [Float])
    let whole = try #require(SafetensorsFile(tensors: [("t", tensor)])).encode()
    for count in 0..<whole.count {
      #expect(refusal { () throws(TensorFileError) in _ = try Self.read(Array(whole[..<count])) } != nil)
    }
  }
}
