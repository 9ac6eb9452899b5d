import LoopIR
import TensorFiles

/// Constants whose elements stay in a file.
extension TensorData {
  /// Little-endian bytes of a file from an offset on, at any alignment, in row-major order and of the type's own
  /// element type. The file is kept, and read where the elements are asked for. Nil where the bytes are not all in
  /// the file.
  package init?(_ type: TensorType, mapped file: MappedFile, offset: Int) {
    guard
      let tensor = StoredTensor(shape: type.shape, element: type.element.stored, file: file, offset: offset)
    else { return nil }
    self.type = type
    storage = Self.canStay(tensor, as: type.element) ? .stored(tensor) : Self(type, bytes: tensor.bytes).storage
  }

  /// The elements of a tensor from a file: floating point rounds, integers must be integers. They stay in the file
  /// where the types are the same, and where single precision is made of 16 bits.
  package init(_ tensor: StoredTensor, as element: ElementType) throws(TensorFileError) {
    let type = TensorType(element, tensor.shape)
    if Self.canStay(tensor, as: element) {
      self.init(type, .stored(tensor))
      return
    }
    switch element {
    case .f64: self.init(type, .f64(tensor.doubles()))
    case .f16, .bf16, .f32: self.init(type, .f32(tensor.floats()))
    case .i8, .i16, .i32, .i64, .u8, .u16, .u32, .u64, .bool: self.init(type, .integers(try tensor.int64s()))
    }
  }

  /// Whether the elements can be read one by one later without a surprise. Unsigned 64-bit integers cannot: not
  /// all of them are in the range of `Storage.integers`.
  static func canStay(_ tensor: StoredTensor, as element: ElementType) -> Bool {
    switch tensor.element {
    case .u64: false
    case .f16, .bf16: element == .f32 || tensor.element == element.stored
    case .f32, .f64, .i8, .i16, .i32, .i64, .u8, .u16, .u32, .bool: tensor.element == element.stored
    }
  }
}
