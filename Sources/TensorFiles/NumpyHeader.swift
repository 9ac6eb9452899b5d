/// The header of an `.npy` file: `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`, a Python
/// dictionary of which only this form is understood.
struct NumpyHeader: Equatable {
  var descriptor: String
  var fortranOrder: Bool
  var shape: [Int]

  /// What is wrong with a header, for a person.
  struct Malformed: Error {
    let message: String
  }

  init(descriptor: String, fortranOrder: Bool, shape: [Int]) {
    self.descriptor = descriptor
    self.fortranOrder = fortranOrder
    self.shape = shape
  }

  init(parsing text: String) throws(Malformed) {
    var reader = Reader(text: Array(text.utf8))
    var descriptor: String?
    var fortranOrder: Bool?
    var shape: [Int]?
    try reader.expect("{")
    while !reader.accept("}") {
      let key = try reader.string()
      try reader.expect(":")
      switch key {
      case "descr" where descriptor == nil: descriptor = try reader.string()
      case "fortran_order" where fortranOrder == nil: fortranOrder = try reader.bool()
      case "shape" where shape == nil: shape = try reader.tuple()
      default: throw Malformed(message: "the header has an unknown or repeated key")
      }
      if !reader.accept(",") {
        try reader.expect("}")
        break
      }
    }
    try reader.expectEnd()
    guard let descriptor, let fortranOrder, let shape else {
      throw Malformed(message: "the header lacks one of 'descr', 'fortran_order' and 'shape'")
    }
    self.init(descriptor: descriptor, fortranOrder: fortranOrder, shape: shape)
  }

  /// As NumPy writes it, with its reserve of spaces behind that lets a first extent grow in place.
  var text: String {
    var extents = shape.map(String.init).joined(separator: ", ")
    if shape.count == 1 { extents += "," }
    let order = fortranOrder ? "True" : "False"
    let header = "{'descr': '\(descriptor)', 'fortran_order': \(order), 'shape': (\(extents)), }"
    guard let growing = fortranOrder ? shape.last : shape.first else { return header }
    return header + String(repeating: " ", count: 21 - String(growing).utf8.count)
  }
}

private struct Reader {
  let text: [UInt8]
  var position = 0

  mutating func skipSpace() {
    while position < text.count, text[position] == 0x20 || 0x09...0x0D ~= text[position] { position += 1 }
  }

  mutating func accept(_ word: String) -> Bool {
    skipSpace()
    guard text[position...].starts(with: word.utf8) else { return false }
    position += word.utf8.count
    return true
  }

  mutating func expect(_ word: String) throws(NumpyHeader.Malformed) {
    if !accept(word) { throw NumpyHeader.Malformed(message: "expected '\(word)' in the header") }
  }

  mutating func expectEnd() throws(NumpyHeader.Malformed) {
    skipSpace()
    if position < text.count { throw NumpyHeader.Malformed(message: "unexpected text after the header") }
  }

  mutating func string() throws(NumpyHeader.Malformed) -> String {
    skipSpace()
    guard position < text.count, [0x22, 0x27].contains(text[position]) else {
      throw NumpyHeader.Malformed(message: "expected a string in the header; structured types are not read")
    }
    let start = position + 1
    guard let end = text[start...].firstIndex(of: text[position]) else {
      throw NumpyHeader.Malformed(message: "a string in the header is not closed")
    }
    position = end + 1
    return String(decoding: text[start..<end], as: UTF8.self)
  }

  mutating func bool() throws(NumpyHeader.Malformed) -> Bool {
    if accept("True") { return true }
    if accept("False") { return false }
    throw NumpyHeader.Malformed(message: "expected 'True' or 'False' in the header")
  }

  mutating func tuple() throws(NumpyHeader.Malformed) -> [Int] {
    var extents: [Int] = []
    try expect("(")
    while !accept(")") {
      extents.append(try integer())
      if !accept(",") {
        try expect(")")
        break
      }
    }
    return extents
  }

  private mutating func integer() throws(NumpyHeader.Malformed) -> Int {
    skipSpace()
    let end = text[position...].firstIndex { !(0x30...0x39 ~= $0 || $0 == UInt8(ascii: "-")) } ?? text.count
    guard let value = Int(String(decoding: text[position..<end], as: UTF8.self)) else {
      throw NumpyHeader.Malformed(message: "expected an integer of 64 bits in the shape")
    }
    if value < 0 { throw NumpyHeader.Malformed(message: "the shape has a negative extent") }
    position = end
    // Python 2 wrote long integers with a suffix.
    _ = accept("L")
    return value
  }
}
