import LoopIR

/// Constants as the bytes of row-major little-endian arrays, and back.
extension TensorData {
  /// The bytes must be as many as the type has.
  package init(_ type: TensorType, bytes: [UInt8]) {
    self.type = type
    storage = bytes.withUnsafeBytes { raw in
      func integers<T: FixedWidthInteger>(_: T.Type) -> Storage {
        .integers((0..<type.count).map { Int64(truncatingIfNeeded: raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<T>.size, as: T.self)) })
      }
      switch type.element {
      case .f32:
        return .f32((0..<type.count).map { raw.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) })
      case .f64:
        return .f64((0..<type.count).map { raw.loadUnaligned(fromByteOffset: $0 * 8, as: Double.self) })
      case .f16, .bf16, .u16: return integers(UInt16.self)
      case .i8: return integers(Int8.self)
      case .u8, .bool: return integers(UInt8.self)
      case .i16: return integers(Int16.self)
      case .i32: return integers(Int32.self)
      case .u32: return integers(UInt32.self)
      case .i64, .u64: return integers(Int64.self)
      }
    }
  }

  package var bytes: [UInt8] {
    func packed<T>(_ values: [T]) -> [UInt8] { values.withUnsafeBytes { Array($0) } }
    switch storage {
    case .f32(let values): return packed(values)
    case .f64(let values): return packed(values)
    case .integers(let values):
      switch type.element.byteCount {
      case 1: return values.map { UInt8(truncatingIfNeeded: $0) }
      case 2: return packed(values.map { UInt16(truncatingIfNeeded: $0) })
      case 4: return packed(values.map { UInt32(truncatingIfNeeded: $0) })
      default: return packed(values)
      }
    }
  }
}
