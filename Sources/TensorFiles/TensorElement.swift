/// Types that tensor files store.
package enum StoredElementType: String, Sendable, CaseIterable {
  case f16, bf16, f32, f64
  case i8, i16, i32, i64
  case u8, u16, u32, u64
  case bool

  package var byteSize: Int {
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
    case .i8, .i16, .i32, .i64, .u8, .u16, .u32, .u64, .bool: false
    }
  }

  /// NumPy's kind and size without byte order, `f4`; nil for bf16, which NumPy does not know.
  var numpyCode: String? {
    switch self {
    case .bf16: nil
    case .bool: "b1"
    case .f16, .f32, .f64: "f\(byteSize)"
    case .i8, .i16, .i32, .i64: "i\(byteSize)"
    case .u8, .u16, .u32, .u64: "u\(byteSize)"
    }
  }

  /// `F32`, `BOOL`, ...
  var safetensorsName: String { rawValue.uppercased() }
}
