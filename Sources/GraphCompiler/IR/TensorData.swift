import Foundation
import LoopIR

/// The elements of a constant, in row-major order.
package struct TensorData: Hashable, Sendable {
  package enum Storage: Hashable, Sendable {
    case f32([Float])
    case f64([Double])
    /// Every integer type, and bool as 0 and 1.
    case integers([Int64])
  }

  package var type: TensorType
  package var storage: Storage

  /// Takes ready storage; its count must be that of the type.
  package init(_ type: TensorType, _ storage: Storage) {
    self.type = type
    self.storage = storage
  }

  /// Converts doubles to the element type: floating point rounds, integers truncate toward zero and saturate.
  package init(_ type: TensorType, doubles values: [Double]) {
    self.type = type
    switch type.element {
    case .f32, .f16, .bf16:
      storage = .f32(values.map(Float.init))
    case .f64:
      storage = .f64(values)
    default:
      let bounds = type.element.integerBounds ?? 0...0
      storage = .integers(values.map { Self.integer($0, in: bounds) })
    }
  }

  private static func integer(_ value: Double, in bounds: ClosedRange<Double>) -> Int64 {
    if value.isNaN { return 0 }
    let bounded = min(max(value, bounds.lowerBound), bounds.upperBound)
    return Int64(exactly: bounded.rounded(.towardZero)) ?? (bounded < 0 ? .min : .max)
  }

  /// The elements in double precision (64-bit integers beyond 2^53 round).
  package var doubles: [Double] {
    switch storage {
    case .f32(let values): values.map(Double.init)
    case .f64(let values): values
    case .integers(let values): values.map(Double.init)
    }
  }
}

extension TensorData.Storage {
  /// Bit by bit: a NaN equals itself, and 0 is not -0.
  package static func == (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.f32(let a), .f32(let b)): hasSameBits(a, b)
    case (.f64(let a), .f64(let b)): hasSameBits(a, b)
    case (.integers(let a), .integers(let b)): hasSameBits(a, b)
    case (.f32, _), (.f64, _), (.integers, _): false
    }
  }

  package func hash(into hasher: inout Hasher) {
    switch self {
    case .f32(let values): values.withUnsafeBytes { hasher.combine(bytes: $0) }
    case .f64(let values): values.withUnsafeBytes { hasher.combine(bytes: $0) }
    case .integers(let values): values.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
  }

  private static func hasSameBits<Element: BitwiseCopyable>(_ a: [Element], _ b: [Element]) -> Bool {
    guard a.count == b.count, !a.isEmpty else { return a.count == b.count }
    return a.withUnsafeBytes { a in
      b.withUnsafeBytes { b in memcmp(a.baseAddress!, b.baseAddress!, a.count) == 0 }
    }
  }
}
