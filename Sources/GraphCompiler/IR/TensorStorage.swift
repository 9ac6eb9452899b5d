import Foundation
import TensorFiles

/// Two storages are equal where all elements have the same bits, wherever they are kept: a NaN equals itself,
/// and 0 is not -0.
extension TensorData.Storage {
  package var count: Int {
    switch self {
    case .f32(let values): values.count
    case .f64(let values): values.count
    case .integers(let values): values.count
    case .stored(let tensor): tensor.elementCount
    }
  }

  /// Some of the elements, in memory: never `stored`.
  package func part(_ places: Range<Int>) -> Self {
    switch self {
    case .f32(let values): .f32(Array(values[places]))
    case .f64(let values): .f64(Array(values[places]))
    case .integers(let values): .integers(Array(values[places]))
    case .stored(let tensor): Self(reading: tensor.part(places))
    }
  }

  /// All elements, in memory: never `stored`.
  package var inMemory: Self {
    if case .stored(let tensor) = self { Self(reading: tensor) } else { self }
  }

  private init(reading tensor: StoredTensor) {
    switch tensor.element {
    case .f16, .bf16, .f32: self = .f32(tensor.floats())
    case .f64: self = .f64(tensor.doubles())
    case .i8, .i16, .i32, .i64, .u8, .u16, .u32, .u64, .bool:
      do throws(TensorFileError) {
        self = .integers(try tensor.int64s())
      } catch {
        preconditionFailure("\(tensor.element) elements were kept in their file: \(error.headline)")
      }
    }
  }

  package static func == (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.f32(let a), .f32(let b)): hasSameBits(a, b)
    case (.f64(let a), .f64(let b)): hasSameBits(a, b)
    case (.integers(let a), .integers(let b)): hasSameBits(a, b)
    case (.stored(let a), .stored(let b)) where a.element == b.element && a.element != .bool:
      a.hasSameBytes(as: b)
    case (.stored, _), (_, .stored): hasSameElements(left, right)
    case (.f32, _), (.f64, _), (.integers, _): false
    }
  }

  /// Elements that one comparison takes out of their file.
  private static var comparedAtOnce: Int { 1 << 16 }

  private static func hasSameElements(_ left: Self, _ right: Self) -> Bool {
    let count = left.count
    guard count == right.count else { return false }
    // Once even for no elements: their types may differ.
    return stride(from: 0, to: max(count, 1), by: comparedAtOnce).allSatisfy { start in
      let places = start..<min(count, start + comparedAtOnce)
      return left.part(places) == right.part(places)
    }
  }

  private static func hasSameBits<Element: BitwiseCopyable>(_ a: [Element], _ b: [Element]) -> Bool {
    guard a.count == b.count, !a.isEmpty else { return a.count == b.count }
    return a.withUnsafeBytes { a in
      b.withUnsafeBytes { b in
        a.baseAddress == b.baseAddress || memcmp(a.baseAddress!, b.baseAddress!, a.count) == 0
      }
    }
  }

  /// The first elements tell tensors apart well enough; all of them would take longer than comparing.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    switch part(0..<min(count, 64)) {
    case .f32(let values): values.withUnsafeBytes { hasher.combine(bytes: $0) }
    case .f64(let values): values.withUnsafeBytes { hasher.combine(bytes: $0) }
    case .integers(let values): values.withUnsafeBytes { hasher.combine(bytes: $0) }
    case .stored: preconditionFailure("a part is in memory")
    }
  }
}
