/// The element types of tensors.
///
/// Kernels compute in the element type of the tensor that they write; the interpreter computes in double
/// precision.
package enum ElementType: String, Hashable, Sendable, CaseIterable {
  case f16, bf16, f32, f64
  case i8, i16, i32, i64
  case u8, u16, u32, u64
  case bool

  /// Size of one element in bytes.
  package var byteCount: Int {
    switch self {
    case .i8, .u8, .bool: 1
    case .f16, .bf16, .i16, .u16: 2
    case .f32, .i32, .u32: 4
    case .f64, .i64, .u64: 8
    }
  }

  package var isFloatingPoint: Bool {
    switch self {
    case .f16, .bf16, .f32, .f64: true
    default: false
    }
  }

  /// The range of an integer type, as doubles (the 64-bit ones rounded outward); nil for floating point.
  package var integerBounds: ClosedRange<Double>? {
    switch self {
    case .f16, .bf16, .f32, .f64: nil
    case .bool: 0...1
    case .u8: 0...Double(UInt8.max)
    case .u16: 0...Double(UInt16.max)
    case .u32: 0...Double(UInt32.max)
    case .u64: 0...Double(UInt64.max)
    case .i8: Double(Int8.min)...Double(Int8.max)
    case .i16: Double(Int16.min)...Double(Int16.max)
    case .i32: Double(Int32.min)...Double(Int32.max)
    case .i64: Double(Int64.min)...Double(Int64.max)
    }
  }
}
