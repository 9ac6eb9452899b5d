import LoopIR
import TensorFiles

/// The elements of a constant, in row-major order.
package struct TensorData: Hashable, Sendable {
  package enum Storage: Hashable, Sendable {
    /// Single precision, and the 16-bit types.
    case f32([Float])
    case f64([Double])
    /// Every integer type, and bool as 0 and 1.
    case integers([Int64])
    /// Bytes that stay in their file, for the types of `TensorData.canStay`.
    case stored(StoredTensor)
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
    case .f32:
      storage = .f32(values.map(Float.init))
    case .f16, .bf16:
      storage = .f32(Self.halves(values, type.element).floats())
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
    case .stored(let tensor): tensor.doubles()
    case .f32(let values): values.map(Double.init)
    case .f64(let values): values
    case .integers(let values): values.map(Double.init)
    }
  }
}
