import Testing

@testable import TensorFiles

@Suite struct GzipTests {
  /// 600 bytes from a formula, compressed with codes of its own.
  static let dynamicBlock = bytes(
    hex: """
      1f8b0800000000000203ed8ecb0dc45008036b353cccafff7b1c255bc44a3147346303b0c3da931b7386d661db494630\
      6b2cf46a2f9f40d3b1d3553d6b91e3429648df0ab71d651f5781ba3a5b3cbf87cbe4098a499f54cbab82b311a38e1610\
      36957739b3d5d246ad12f2b870e7dbfb077b2f0442e89458020000
      """)
  static let dynamicText = (0..<600).map { (i: Int) in
    let letter = (i * i * 7) >> 5
    return UInt8(97 + letter % 11)
  }
  /// "hi" with an extra field, a file name, a comment and a header checksum.
  static let decorated = bytes(
    hex: "1f8b081e00000000000003006162636e616d6500636f6d6d656e74000000cbc80400ac2a93d802000000")

  static func inflate(_ input: [UInt8], limit: Int = 1 << 20) throws(InflateError) -> [UInt8] {
    let source = file(input)
    var inflate = Inflate(source.bytes, outputLimit: limit)
    try inflate.run()
    #expect(inflate.position == source.bytes.count)
    return inflate.output
  }

  static func decompress(_ input: [UInt8], limit: Int = 1 << 20) throws(InflateError) -> [UInt8] {
    let source = file(input)
    defer { withExtendedLifetime(source) {} }
    return try Gzip.decompress(source.bytes, outputLimit: limit)
  }

  @Test func storedAndFixedBlocks() throws {
    #expect(try Self.inflate(bytes(hex: "010600f9ff73746f726564")) == Array("stored".utf8))
    let text = String(repeating: "aaaaaaaaaabbbbbbbbbbabab", count: 3)
    #expect(try Self.inflate(bytes(hex: "4b4c8481243848044112c501")) == Array(text.utf8))
    #expect(try Self.inflate(bytes(hex: "010000ffff")) == [])
  }

  @Test func members() throws {
    #expect(try Self.decompress(Self.dynamicBlock) == Self.dynamicText)
    #expect(try Self.decompress(Self.decorated) == Array("hi".utf8))
    #expect(
      try Self.decompress(Self.decorated + Self.dynamicBlock + Self.decorated)
        == Array("hi".utf8) + Self.dynamicText + Array("hi".utf8))
  }

  @Test func checksum() {
    #expect(Gzip.crc32(Array("123456789".utf8)) == 0xCBF4_3926)
    #expect(Gzip.crc32([]) == 0)
  }

  @Test func outputIsCapped() throws {
    #expect(try Self.decompress(Self.dynamicBlock, limit: 600).count == 600)
    for limit in [0, 1, 599] {
      #expect(throws: InflateError(message: "the data decompress to more than \(limit) bytes")) {
        try Self.decompress(Self.dynamicBlock, limit: limit)
      }
    }
    #expect(throws: InflateError.self) { try Self.decompress(Self.decorated + Self.decorated, limit: 3) }
  }

  @Test(arguments: [dynamicBlock, decorated])
  func everyTruncationIsRefused(whole: [UInt8]) {
    for count in 0..<whole.count {
      #expect(throws: InflateError.self) { try Self.decompress(Array(whole[..<count])) }
    }
  }

  /// No single wrong byte of the compressed data passes unseen or traps.
  @Test func everyDamageIsRefused() {
    // The last byte of the stream has bits without meaning.
    for place in 10..<Self.dynamicBlock.count where place != Self.dynamicBlock.count - 9 {
      for flip: UInt8 in [1, 0x80, 0xFF] {
        var damaged = Self.dynamicBlock
        damaged[place] ^= flip
        #expect(throws: InflateError.self, "byte \(place) ^ \(flip)") { try Self.decompress(damaged) }
      }
    }
  }

  @Test(arguments: [
    ("07", "unknown block type in the compressed data"),
    ("010600f8ff73746f726564", "a stored block has a wrong length"),
    ("030200", "the compressed data refer to bytes before their beginning"),
    ("", "the compressed data are cut short"),
  ])
  func malformedStreams(hex: String, message: String) {
    #expect(throws: InflateError(message: message)) { try Self.inflate(bytes(hex: hex)) }
  }

  @Test(
    arguments: [
      ([1, 1, 1], false), ([1], true), ([], true), ([0, 0], true), ([2], false), ([1, 2, 2], true),
      ([1, 2, 3], false),
      ([1, 2, 2, 15], false),
    ] as [([UInt8], Bool)])
  func codesAreComplete(lengths: [UInt8], isValid: Bool) {
    let code = try? HuffmanCode(lengths)
    #expect((code != nil) == isValid)
  }
}

@Suite struct IDXFileTests {
  static func read(_ bytes: [UInt8], limit: Int = 1 << 20) throws(TensorFileError) -> StoredTensor {
    try IDXFile.read(file(bytes), decompressedLimit: limit)
  }

  @Test(
    arguments: [
      ("00000802 00000002 00000003 010203040506", "u8[2,3]", [1, 2, 3, 4, 5, 6]),
      ("00000901 00000002 ff7f", "i8[2]", [-1, 127]),
      ("00000b01 00000001 fffe", "i16[1]", [-2]),
      ("00000c00 00010000", "i32[]", [65536]),
      ("00000d01 00000001 3f800000", "f32[1]", [1]),
      ("00000e01 00000001 c000000000000000", "f64[1]", [-2]),
      ("00000801 00000000", "u8[0]", []),
    ] as [(String, String, [Double])])
  func reads(hex: String, type: String, values: [Double]) throws {
    let tensor = try Self.read(bytes(hex: hex))
    #expect(tensor.description == type)
    #expect(tensor.doubles() == values)
  }

  @Test func gzipped() throws {
    // gzip of 00 00 08 01 00 00 00 03 05 06 07 in a stored block.
    let plain = bytes(hex: "00000801 00000003 050607")
    let crc = Gzip.crc32(plain)
    let trailer = [crc, UInt32(plain.count)].flatMap { word in
      (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
    }
    let packed = bytes(hex: "1f8b0800000000000003 010b00f4ff") + plain + trailer
    #expect(try Self.read(packed).doubles() == [5, 6, 7])
    #expect(
      refusal { () throws(TensorFileError) in _ = try Self.read(packed, limit: 10) }
        == "cannot decompress the file: the data decompress to more than 10 bytes")

    let folder = ScratchFolder()
    try writeFile(at: folder.path + "/a", bytes: packed)
    try writeFile(at: folder.path + "/b", bytes: plain)
    #expect(try readTensor(folder.path + "/a") == readTensor(folder.path + "/b"))
  }

  @Test(arguments: [
    ("00000802 00000002 00000003 0102030405", "the file is cut short: u8[2,3] takes 6 bytes, found 5"),
    ("00000801 00000001 0102", "the file has bytes after the tensor: u8[1] takes 1 bytes, found 2"),
    ("00000803 ffffffff ffffffff ffffffff", "the shape is too large for any memory"),
    ("00000e01 ffffffff", "the file is cut short: f64[4294967295] takes 34359738360 bytes, found 0"),
    ("000008ff 00000001", "the file ends inside of its header"),
    ("00000a01 00000001 01", "not an IDX file: it does not begin with two zero bytes and an element type"),
    ("000008", "not an IDX file: it does not begin with two zero bytes and an element type"),
    ("1f8b08", "cannot decompress the file: the compressed data are cut short"),
  ])
  func malformedFilesAreRefused(hex: String, message: String) {
    #expect(refusal { () throws(TensorFileError) in _ = try Self.read(bytes(hex: hex)) } == message)
  }
}
