import LoopIR

/// The text of elements, as graphs and programs have it.
extension TensorData {
  /// Longer tensors are named by a hash of their elements.
  private static let literalLimit = 64

  /// Whether the text names the elements by hash: there are many, or some have no text of their own.
  var isNamedByHash: Bool {
    if type.count > Self.literalLimit { return true }
    switch storage.inMemory {
    case .f32(let values):
      return values.contains { $0.isNaN && $0.magnitude.bitPattern != Float.nan.bitPattern }
    case .f64(let values):
      return values.contains { $0.isNaN && $0.magnitude.bitPattern != Double.nan.bitPattern }
    case .integers, .stored: return false
    }
  }

  /// `[[1.0, 2.5], [0.0, -1.0]]`, or `data("…")`.
  var literal: String {
    if isNamedByHash { return "data(\"\(key)\")" }
    return Self.nested((0..<type.count).map(element)[...], type.shape[...])
  }

  /// Type and elements, the first ones of many: `f32[2] = 0.5, 1.25`.
  package var summary: String {
    let limit = 10
    if type.count == 0 { return "\(type)" }
    let shown = (0..<min(limit, type.count)).map(element).joined(separator: ", ")
    return "\(type) = \(shown)" + (type.count > limit ? ", … (\(type.count - limit) more)" : "")
  }

  /// Those that the text names by `data("…")`, by that name.
  static func blobs(_ tensors: [TensorData]) -> [String: TensorData] {
    var blobs: [String: TensorData] = [:]
    for data in tensors where data.isNamedByHash { blobs[data.key] = data }
    return blobs
  }

  private static func nested(_ elements: ArraySlice<String>, _ shape: ArraySlice<Int>) -> String {
    guard let count = shape.first else { return elements.first ?? "" }
    if count == 0 { return "[]" }
    let stride = elements.count / count
    let rows = (0..<count).map { row in
      let start = elements.startIndex + row * stride
      return nested(elements[start..<start + stride], shape.dropFirst())
    }
    return "[\(rows.joined(separator: ", "))]"
  }

  /// An element as text that reads back to the same element.
  private func element(_ place: Int) -> String {
    switch storage {
    case .f32(let values): Self.text(values[place])
    case .f64(let values): Attribute.text(of: values[place])
    case .integers(let values) where type.element == .bool: values[place] == 0 ? "false" : "true"
    case .integers(let values): Attribute.text(of: Int(values[place]))
    case .stored: TensorData(TensorType(type.element, [1]), storage.part(place..<place + 1)).element(0)
    }
  }

  /// The short decimal form, unless its way through double precision ends elsewhere.
  private static func text(_ value: Float) -> String {
    let short = "\(value)"
    return Double(short).map(Float.init) == value || value.isNaN ? short : Attribute.text(of: Double(value))
  }

  /// 16 hexadecimal digits that depend on type and elements (FNV-1a, 64 bits).
  private var key: String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ word: UInt64) {
      for shift in stride(from: 0, to: 64, by: 8) {
        hash = (hash ^ (word >> UInt64(shift) & 0xFF)) &* 0x100_0000_01B3
      }
    }
    for byte in type.description.utf8 { add(UInt64(byte)) }
    switch storage.inMemory {
    case .f32(let values): for value in values { add(UInt64(value.bitPattern)) }
    case .f64(let values): for value in values { add(value.bitPattern) }
    case .integers(let values): for value in values { add(UInt64(bitPattern: value)) }
    case .stored: preconditionFailure("the elements are in memory")
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
