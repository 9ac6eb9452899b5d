import Testing

@testable import TensorFiles

/// PNG files for tests.
enum PNGBuilder {
  static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    let covered = Array(name.utf8) + content
    return number(content.count) + covered + number(Int(Gzip.crc32(covered)))
  }

  static func number(_ value: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt32(value).bigEndian) { [UInt8]($0) }
  }

  /// A zlib stream of one stored block.
  static func stored(_ bytes: [UInt8]) -> [UInt8] {
    let count = [UInt8(bytes.count & 0xFF), UInt8(bytes.count >> 8)]
    return [0x78, 0x01, 1] + count + count.map { ~$0 } + bytes + number(Int(Zlib.adler32(bytes)))
  }

  static func header(
    _ width: Int, _ height: Int, depth: UInt8 = 8, color: UInt8 = 0, methods: [UInt8] = [0, 0, 0]
  ) -> [UInt8] {
    chunk("IHDR", number(width) + number(height) + [depth, color] + methods)
  }

  static func file(_ chunks: [UInt8]...) -> [UInt8] {
    [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunks.flatMap { $0 }
  }

  static let end = chunk("IEND", [])

  /// - Parameter lines: each with its filter first.
  static func image(_ width: Int, _ height: Int, color: UInt8 = 0, _ lines: [UInt8]) -> [UInt8] {
    file(header(width, height, color: color), chunk("IDAT", stored(lines)), end)
  }
}

@Suite struct PNGTests {
  /// More pixels than one stored block holds.
  @Test(arguments: [1, 3]) func whatIsWrittenReadsBack(_ channels: Int) throws {
    let (width, height) = (301, 251)
    let samples = (0..<width * height * channels).map { UInt8(truncatingIfNeeded: $0 * 7 / 3) }
    let image = Image(width: width, height: height, channels: channels, samples: samples)
    #expect(try Image.read(file(image.png)) == image)
  }

  /// 5 x 5 pixels of a formula, a filter of each kind, compressed elsewhere, in two chunks.
  static let filtered = bytes(
    hex: """
      89504e470d0a1a0a0000000d4948445200000005000000050802000000020db1b20000000a744558745469746c650074
      6573747367fd6d000000144944415478da6360085ec61db751a7fe52f236ce0dcc618cd13914cd0000004149444154aa
      15a7050404d4d4d46c6c6c82828298545555b5b4b4f4f5f54d4c4c2c2d2d99bd4ae62a2929191818d8dada9ef6f66601
      cacbcbcbeb9b82e4132d2d01555013729ef2f0bb0000000049454e44ae426082
      """)

  private func message(_ bytes: [UInt8]) -> String? {
    refusal { () throws(TensorFileError) in _ = try Image.read(file(bytes)) }
  }

  @Test func everyFilter() throws {
    let image = try Image.read(file(Self.filtered))
    #expect(image.width == 5 && image.height == 5 && image.channels == 3)
    let expected = (0..<75).map { place -> UInt8 in
      let (r, c, k) = (place / 15, place / 3 % 5, place % 3)
      let value: Int = 37 * r + 11 * c * c + 83 * k + 5 * r * c
      return UInt8(value % 256)
    }
    #expect(image.samples == expected)
  }

  @Test func grayAndAlpha() throws {
    #expect(try Image.read(file(PNGBuilder.image(2, 1, [0, 7, 9]))).samples == [7, 9])
    let alpha = try Image.read(file(PNGBuilder.image(2, 1, color: 4, [0, 7, 255, 9, 0])))
    #expect(alpha == Image(width: 2, height: 1, channels: 1, samples: [7, 9]))
    let colors = try Image.read(file(PNGBuilder.image(1, 2, color: 6, [0, 1, 2, 3, 0, 0, 4, 5, 6, 255])))
    #expect(colors == Image(width: 1, height: 2, channels: 3, samples: [1, 2, 3, 4, 5, 6]))
  }

  @Test func palette() throws {
    func image(_ palette: [UInt8], _ indices: [UInt8]) -> [UInt8] {
      PNGBuilder.file(
        PNGBuilder.header(2, 1, color: 3), PNGBuilder.chunk("PLTE", palette),
        PNGBuilder.chunk("IDAT", PNGBuilder.stored([0] + indices)), PNGBuilder.end)
    }
    #expect(try Image.read(file(image([1, 2, 3, 4, 5, 6], [1, 0]))).samples == [4, 5, 6, 1, 2, 3])
    #expect(message(image([1, 2, 3], [1, 0])) == "malformed PNG file: color 1 is not in its palette of 1")
    #expect(message(image([1, 2], [0, 0])) == "malformed PNG file: its palette has 2 bytes")
    #expect(
      message(PNGBuilder.image(2, 1, color: 3, [0, 0, 0])) == "malformed PNG file: its palette has 0 bytes")
  }

  @Test(arguments: [
    (PNGBuilder.header(1, 1, depth: 16), "PNG images of 16 bits a sample are not read"),
    (PNGBuilder.header(1, 1, depth: 1), "PNG images of 1 bits a sample are not read"),
    (PNGBuilder.header(1, 1, methods: [0, 0, 1]), "interlaced PNG images are not read"),
    (PNGBuilder.header(1, 1, color: 5), "malformed PNG file: its header asks for unknown methods"),
    (PNGBuilder.header(1, 1, methods: [1, 0, 0]), "malformed PNG file: its header asks for unknown methods"),
    (PNGBuilder.header(0, 1), "expected an image of 1 to 268435456 pixels: found 0 x 1"),
    (
      PNGBuilder.header(0xFFFF_FFFF, 0xFFFF_FFFF),
      "expected an image of 1 to 268435456 pixels: found 4294967295 x 4294967295"
    ),
    (PNGBuilder.chunk("IHDR", [1, 2]), "malformed PNG file: its header has 2 bytes, not 13"),
    (PNGBuilder.chunk("IDAT", []), "malformed PNG file: it does not begin with one header"),
    (
      PNGBuilder.header(1, 1) + PNGBuilder.header(1, 1),
      "malformed PNG file: it does not begin with one header"
    ),
    (PNGBuilder.header(1, 1) + PNGBuilder.chunk("ABCD", []), "malformed PNG file: chunk 'ABCD' is not known"),
  ])
  func hostileHeaders(_ chunks: [UInt8], _ expected: String) {
    #expect(
      message(PNGBuilder.file(chunks, PNGBuilder.chunk("IDAT", PNGBuilder.stored([0, 0])), PNGBuilder.end))
        == expected)
  }

  @Test func tooFewAndTooManyLines() {
    #expect(
      message(PNGBuilder.image(2, 2, [0, 1, 2]))
        == "the image is cut short: 2 x 2 pixels take 6 bytes, found 3")
    #expect(
      message(PNGBuilder.image(1, 1, [0, 1, 2]))
        == "cannot decompress the image: the data decompress to more than 2 bytes")
    #expect(message(PNGBuilder.image(1, 1, [5, 1])) == "malformed PNG file: line 0 has filter 5")
  }

  @Test func everyTruncationIsRefused() {
    for count in 0..<Self.filtered.count {
      #expect(message(Array(Self.filtered[..<count])) != nil, "\(count) bytes")
    }
  }

  @Test func everyDamageIsRefused() {
    for place in Self.filtered.indices {
      var damaged = Self.filtered
      damaged[place] ^= 0x55
      #expect(message(damaged) != nil, "byte \(place)")
    }
  }

  @Test func zlibIsChecked() {
    func message(_ input: [UInt8]) -> String? {
      let source = file(input)
      defer { withExtendedLifetime(source) {} }
      do throws(InflateError) {
        _ = try Zlib.decompress(source.bytes, outputLimit: 100)
        return nil
      } catch {
        return error.message
      }
    }
    let whole = PNGBuilder.stored(Array("stored".utf8))
    #expect(message(whole) == nil)
    #expect(message([0x78]) == "the compressed data are cut short")
    #expect(message([0x79] + whole.dropFirst()) == "no zlib header")
    #expect(message(whole.dropLast() + [0]) == "the checksum of the compressed data is wrong")
    #expect(message(whole + [0]) == "bytes follow the compressed data")
    #expect(Zlib.adler32(Array("Wikipedia".utf8)) == 0x11E6_0398)
    #expect(Zlib.adler32([UInt8](repeating: 255, count: 100_000)) == 0x149A_302C)
  }
}

@Suite struct PortableAnymapTests {
  private func image(_ text: String) throws(TensorFileError) -> Image {
    try Image.read(file(Array(text.utf8)))
  }

  @Test func textAndBytes() throws {
    #expect(
      try image("P2\n# a comment\n2 2 255\n1 2\n3 255\n")
        == Image(width: 2, height: 2, channels: 1, samples: [1, 2, 3, 255]))
    #expect(try image("P3 1 1 255 1 2 3") == Image(width: 1, height: 1, channels: 3, samples: [1, 2, 3]))
    #expect(try image("P5 2 1 255 ab") == Image(width: 2, height: 1, channels: 1, samples: [97, 98]))
    #expect(try image("P6 1 1 255\nabc") == Image(width: 1, height: 1, channels: 3, samples: [97, 98, 99]))
  }

  @Test func samplesAreScaledToBytes() throws {
    #expect(try image("P2 3 1 2 0 1 2").samples == [0, 128, 255])
    #expect(try image("P5 2 1 122 a\n").samples == [203, 21])
  }

  @Test(arguments: [
    ("P4 1 1 a", "'P4' images are not read: only gray (P2, P5) and color (P3, P6) ones are"),
    ("P5", "malformed image: the width is not a number of few digits"),
    ("P5 2x2 255 abcd", "malformed image: the width is not a number of few digits"),
    ("P5 12345678901 1 255 a", "malformed image: the width is not a number of few digits"),
    ("P5 0 1 255 ", "expected an image of 1 to 268435456 pixels: found 0 x 1"),
    (
      "P5 999999999 999999999 255 a",
      "expected an image of 1 to 268435456 pixels: found 999999999 x 999999999"
    ),
    ("P5 1 1 65535 ab", "expected samples of at most 255: the largest is said to be 65535"),
    ("P5 2 2 255 abc", "the image is cut short: expected 4 samples, found 3"),
    ("P5 1 1 255", "the image is cut short: expected 1 samples, found 0"),
    ("P2 2 1 255 7", "the image is cut short: expected 2 samples, found 1"),
    ("P2 1 1 7 9", "malformed image: sample 0 is 9, the largest is said to be 7"),
    ("P5 1 1 7 z", "malformed image: sample 0 is 122, the largest is said to be 7"),
    ("P2 1 1 255 -3", "malformed image: sample 0 is not a number of few digits"),
    ("GIF89a", "not an image that is read: it begins neither like PNG nor like PGM or PPM"),
    ("", "not an image that is read: it begins neither like PNG nor like PGM or PPM"),
  ])
  func hostileFiles(_ text: String, _ expected: String) {
    #expect(refusal { () throws(TensorFileError) in _ = try image(text) } == expected)
  }

  @Test func planesOfChannels() {
    let gray = Image(width: 2, height: 1, channels: 1, samples: [1, 2])
    #expect(gray.planes(channels: 1) == [1, 2])
    #expect(gray.planes(channels: 3) == [1, 2, 1, 2, 1, 2])
    let colors = Image(width: 2, height: 1, channels: 3, samples: [255, 0, 0, 9, 9, 9])
    #expect(colors.planes(channels: 3) == [255, 9, 0, 9, 0, 9])
    #expect(colors.planes(channels: 1) == [76, 9])
  }
}

@Suite struct FolderTests {
  @Test func listsInTheOrderOfBytes() throws {
    let scratch = ScratchFolder()
    for name in ["b/x", "a10/x", "a9/x", "B/x", "é/x", ".hidden/x"] {
      let folder = try StagedFolder(scratch.path)
      try folder.write(name, text: "")
      try folder.commit()
    }
    try writeFile(at: scratch.path + "/f", text: "")
    let listing = try FolderListing(scratch.path)
    #expect(listing.folders == ["B", "a10", "a9", "b", "é"])
    #expect(listing.files == ["f"])
    #expect(FolderListing.isFolder(scratch.path + "/b") && !FolderListing.isFolder(scratch.path + "/f"))
    #expect(FolderListing.exists(scratch.path + "/f") && !FolderListing.exists(scratch.path + "/g"))
    #expect(
      refusal { () throws(TensorFileError) in _ = try FolderListing(scratch.path + "/f") }
        == "cannot read the folder: a part of the path is not a folder")
  }

  @Test func tellsEarlyWhatCannotBeWritten() throws {
    let scratch = ScratchFolder()
    try writeFile(at: scratch.path + "/old", text: "old")
    try requireWritable(scratch.path + "/old")
    try requireWritable(scratch.path + "/new")
    try requireWritable("/dev/null")
    #expect(try FolderListing(scratch.path).files == ["old"])
    #expect(try scratch.content("old") == "old")
    #expect(
      refusal { () throws(TensorFileError) in try requireWritable(scratch.path) }
        == "cannot write the file: it is a folder")
    #expect(
      refusal { () throws(TensorFileError) in try requireWritable(scratch.path + "/no/file") }
        == "cannot write the file: no such file or folder")
  }
}
