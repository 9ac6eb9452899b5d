import LoopIR
import TensorFiles

/// Constants as the bytes of row-major little-endian arrays, and back.
extension TensorData {
  /// The bytes must be as many as the type has.
  package init(_ type: TensorType, bytes: [UInt8]) {
    self.type = type
    storage = bytes.withUnsafeBytes { raw in
      func numbers<T: BitwiseCopyable>(_: T.Type) -> [T] {
        (0..<type.count).map {
          raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<T>.size, as: T.self)
        }
      }
      func integers<T: FixedWidthInteger & BitwiseCopyable>(_ integer: T.Type) -> Storage {
        .integers(numbers(integer).map { Int64(truncatingIfNeeded: $0) })
      }
      return switch type.element {
      case .f32: .f32(numbers(Float.self))
      case .f64: .f64(numbers(Double.self))
      case .f16, .bf16: .f32(StoredTensor(shape: type.shape, element: type.element.stored, bytes: bytes).floats())
      case .i8: integers(Int8.self)
      case .u8, .bool: integers(UInt8.self)
      case .i16: integers(Int16.self)
      case .u16: integers(UInt16.self)
      case .i32: integers(Int32.self)
      case .u32: integers(UInt32.self)
      case .i64, .u64: integers(Int64.self)
      }
    }
  }

  package var bytes: [UInt8] { withBytes(of: 0..<type.count) { Array($0) } }

  /// The bytes of some elements, in row-major order; the pointer may be unaligned. Nothing is copied where the
  /// elements are kept as the type has them.
  package func withBytes<Result>(
    of places: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    let size = type.element.byteCount
    let range = places.lowerBound * size..<places.upperBound * size
    func slice(_ raw: UnsafeRawBufferPointer) -> Result { body(UnsafeRawBufferPointer(rebasing: raw[range])) }
    switch storage {
    case .f32(let values) where type.element == .f32: return values.withUnsafeBytes(slice)
    case .f64(let values): return values.withUnsafeBytes(slice)
    case .integers(let values) where size == 8: return values.withUnsafeBytes(slice)
    case .stored(let tensor) where tensor.element == type.element.stored && tensor.element != .bool:
      return tensor.withBytes(slice)
    case .f32, .integers, .stored:
      return packed(storage.part(places)).withUnsafeBytes(body)
    }
  }

  /// Elements in memory, in the size that the type has.
  private func packed(_ elements: Storage) -> [UInt8] {
    func bytes<T>(_ values: [T]) -> [UInt8] { values.withUnsafeBytes { Array($0) } }
    switch elements {
    case .f32(let values):
      return type.element == .f32 ? bytes(values) : Self.halves(values.map(Double.init), type.element).bytes
    case .f64(let values): return bytes(values)
    case .integers(let values):
      switch type.element.byteCount {
      case 1: return values.map { UInt8(truncatingIfNeeded: $0) }
      case 2: return bytes(values.map { UInt16(truncatingIfNeeded: $0) })
      case 4: return bytes(values.map { UInt32(truncatingIfNeeded: $0) })
      default: return bytes(values)
      }
    case .stored: preconditionFailure("a part is in memory")
    }
  }

  /// The nearest numbers in sixteen-bit floating point.
  static func halves(_ values: [Double], _ element: ElementType) -> StoredTensor {
    do throws(TensorFileError) {
      return try StoredTensor(shape: [values.count], values).converted(to: element.stored)
    } catch {
      preconditionFailure("every number has a nearest one in \(element): \(error.headline)")
    }
  }
}
