import Testing

@testable import TensorFiles

@Suite struct NumpyFileTests {
  /// A file with any header text and any data.
  static func npy(_ header: String, _ data: [UInt8] = [], version: UInt8 = 1) -> [UInt8] {
    let count = header.utf8.count
    let length = version == 1 ? [count & 0xFF, count >> 8] : [count & 0xFF, count >> 8, 0, 0]
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length.map { UInt8($0) } + Array(header.utf8) + data
  }

  static func dictionary(_ descriptor: String, _ shape: String, fortran: Bool = false) -> String {
    "{'descr': '\(descriptor)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }\n"
  }

  static func read(_ bytes: [UInt8]) throws(TensorFileError) -> StoredTensor {
    try NumpyFile.read(file(bytes))
  }

  /// What `numpy.save` wrote for `arange(6, dtype="<f4").reshape(2, 3)`, without the data.
  static let savedByNumpy =
    bytes(hex: "934e554d505901007600")
    + Array("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".utf8)
    + [UInt8](repeating: 0x20, count: 58) + [0x0A]

  @Test func writesTheBytesOfNumpy() throws {
    let tensor = StoredTensor(shape: [2, 3], [0, 1, 2, 3, 4, 5] as [Float])
    #expect(NumpyFile.encode(tensor) == Self.savedByNumpy + tensor.bytes)
    #expect(try Self.read(Self.savedByNumpy + tensor.bytes) == tensor)
  }

  @Test(arguments: [[], [0], [0, 3], [1], [5], [2, 1, 3], [Int](repeating: 1, count: 64)])
  func shapesSurvive(shape: [Int]) throws {
    let values = (0..<(TensorShape.elementCount(shape) ?? 0)).map { Double($0) - 1.5 }
    let tensor = StoredTensor(shape: shape, values)
    let encoded = NumpyFile.encode(tensor)
    #expect((encoded.count - tensor.byteCount) % 64 == 0)
    #expect(try Self.read(encoded) == tensor)
  }

  @Test(arguments: StoredElementType.allCases)
  func elementTypesSurvive(element: StoredElementType) throws {
    let folder = ScratchFolder()
    let tensor = try StoredTensor(shape: [3], [0, 1, 1] as [Float]).converted(to: element)
    try NumpyFile.write(tensor, to: folder.path + "/a.npy")
    let back = try NumpyFile.read(folder.path + "/a.npy")
    #expect(back.element == (element == .bf16 ? .f32 : element))
    #expect(back.floats() == [0, 1, 1])
  }

  @Test(arguments: [UInt8(1), 2, 3])
  func versions(version: UInt8) throws {
    let tensor = try Self.read(Self.npy(Self.dictionary("|u1", "(2,)"), [7, 9], version: version))
    #expect(try tensor.int64s() == [7, 9])
  }

  @Test(arguments: ["<i2", "=i2", "i2"])
  func littleEndian(descriptor: String) throws {
    #expect(try Self.read(Self.npy(Self.dictionary(descriptor, "(1,)"), [1, 2])).int64s() == [0x201])
  }

  @Test func bigEndian() throws {
    #expect(
      try Self.read(Self.npy(Self.dictionary(">i2", "(2,)"), [1, 2, 3, 4])).int64s() == [0x102, 0x304])
    #expect(
      try Self.read(Self.npy(Self.dictionary(">f8", "()"), [0x3F, 0xF0, 0, 0, 0, 0, 0, 0])).doubles() == [1])
    #expect(try Self.read(Self.npy(Self.dictionary(">u1", "(2,)"), [1, 2])).int64s() == [1, 2])
  }

  @Test func fortranOrderIsTransposed() throws {
    let header = Self.dictionary("|u1", "(2, 3)", fortran: true)
    #expect(try Self.read(Self.npy(header, [0, 10, 1, 11, 2, 12])).int64s() == [0, 1, 2, 10, 11, 12])
    let cube = Self.dictionary(">u2", "(2, 3, 2)", fortran: true)
    let data = (0..<12).flatMap { [UInt8(0), UInt8($0)] }
    #expect(try Self.read(Self.npy(cube, data)).int64s() == [0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11])
    #expect(try Self.read(Self.npy(Self.dictionary("|u1", "(3, 0)", fortran: true))).shape == [3, 0])
  }

  @Test(arguments: [
    "{\"shape\":(2,),'fortran_order':False,'descr':'|u1'}",
    "  { 'descr':'|u1', 'fortran_order':False, 'shape':(2L,) }\n",
  ])
  func otherSpellings(header: String) throws {
    #expect(try Self.read(Self.npy(header, [1, 2])).shape == [2])
  }

  @Test(arguments: [
    (npy(dictionary("<f4", "(2,)"), [0, 0, 0, 0]), "the file is cut short: f32[2] takes 8 bytes, found 4"),
    (
      npy(dictionary("|u1", "(2,)"), [1, 2, 3]),
      "the file has bytes after the tensor: u8[2] takes 2 bytes, found 3"
    ),
    (
      npy(dictionary("<f8", "(100000, 100000)")),
      "the file is cut short: f64[100000,100000] takes 80000000000 bytes, found 0"
    ),
    (npy(dictionary("<f4", "(4611686018427387904, 4)")), "the shape is too large for any memory"),
    (npy(dictionary("<f4", "(4611686018427387904,)")), "the shape is too large for any memory"),
    (npy(dictionary("|u1", "(-1,)")), "malformed .npy header: the shape has a negative extent"),
    (
      npy(dictionary("|u1", "(99999999999999999999,)")),
      "malformed .npy header: expected an integer of 64 bits in the shape"
    ),
    (npy(dictionary("|u1", "2")), "malformed .npy header: expected '(' in the header"),
    (npy(dictionary("<U4", "(1,)")), "element type '<U4' is not read"),
    (npy(dictionary("|O", "(1,)")), "element type '|O' is not read"),
    (npy(dictionary("", "(1,)")), "element type '' is not read"),
    (
      npy("{'descr': [('a', '<f4')], }"),
      "malformed .npy header: expected a string in the header; structured types are not read"
    ),
    (
      npy("{'descr': '|u1', 'fortran_order': False}"),
      "malformed .npy header: the header lacks one of 'descr', 'fortran_order' and 'shape'"
    ),
    (
      npy("{'descr': '|u1', 'descr': '|u1'}"),
      "malformed .npy header: the header has an unknown or repeated key"
    ),
    (npy("{'descr': '|u1"), "malformed .npy header: a string in the header is not closed"),
    (npy(dictionary("|u1", "()") + "x", [1]), "malformed .npy header: unexpected text after the header"),
    (npy("", [1]), "malformed .npy header: expected '{' in the header"),
    (npy("{}", version: 4), ".npy format 4.0 is not known"),
    (Array("\u{93}NUMPX....".utf8), "not an .npy file: it does not begin with the mark '\\x93NUMPY'"),
    ([], "not an .npy file: it does not begin with the mark '\\x93NUMPY'"),
    (Array(savedByNumpy[..<40]), "the header is longer than the file: it claims 118 bytes, found 30"),
    (
      bytes(hex: "934e554d50590200ffffffff"),
      "the header is longer than the file: it claims 4294967295 bytes, found 0"
    ),
    (bytes(hex: "934e554d505902000000"), "the file ends inside of its header"),
  ])
  func malformedFilesAreRefused(content: [UInt8], message: String) {
    #expect(refusal { () throws(TensorFileError) in _ = try Self.read(content) } == message)
  }

  @Test func everyTruncationIsRefused() {
    let whole = NumpyFile.encode(StoredTensor(shape: [2, 2], [1, 2, 3, 4] as [Float]))
    for count in 0..<whole.count {
      #expect(refusal { () throws(TensorFileError) in _ = try Self.read(Array(whole[..<count])) } != nil)
    }
  }

  @Test func samplesOfFashion() throws {
    let images = try readTensor(repository + "/graphs/fashion/sample_images_u8.npy")
    #expect(images.description == "u8[256,1,28,28]")
    #expect(try images.int64s().reduce(0, +) == 14_981_551)
    let labels = try NumpyFile.read(repository + "/graphs/fashion/sample_labels_u8.npy")
    #expect(try labels.int64s().prefix(10) == [9, 2, 1, 1, 6, 1, 4, 6, 5, 7])
  }
}
