#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A tensor as a file stores it: dense, row-major, little-endian, at any alignment.
package struct StoredTensor: Sendable {
  package let shape: [Int]
  package let element: StoredElementType
  /// Owner of the bytes.
  let file: MappedFile
  /// Which bytes of the owner.
  let range: Range<Int>

  /// The caller has checked that the range has the size that the shape asks for.
  init(shape: [Int], element: StoredElementType, file: MappedFile, range: Range<Int>) {
    precondition(TensorShape.byteCount(shape, element) == range.count, "shape and bytes disagree")
    precondition(range.lowerBound >= 0 && range.upperBound <= file.bytes.count, "bytes outside of the file")
    self.shape = shape
    self.element = element
    self.file = file
    self.range = range
  }

  /// A tensor in the middle of a file; nil where the file ends before it does, or its size overflows.
  package init?(shape: [Int], element: StoredElementType, file: MappedFile, offset: Int) {
    guard let size = TensorShape.byteCount(shape, element), offset >= 0, offset <= file.count,
      size <= file.count - offset
    else { return nil }
    self.init(shape: shape, element: element, file: file, range: offset..<offset + size)
  }

  /// Bytes must be as many as shape and element type ask for.
  package init(shape: [Int], element: StoredElementType, bytes: [UInt8]) {
    self.init(shape: shape, element: element, file: MappedFile(bytes: bytes), range: 0..<bytes.count)
  }

  /// Values must be as many as the shape asks for; this holds for the initializers below as well.
  package init(shape: [Int], _ values: [Float]) { self.init(shape: shape, .f32, copying: values) }
  package init(shape: [Int], _ values: [Double]) { self.init(shape: shape, .f64, copying: values) }
  package init(shape: [Int], _ values: [Int64]) { self.init(shape: shape, .i64, copying: values) }
  package init(shape: [Int], _ values: [Int32]) { self.init(shape: shape, .i32, copying: values) }
  package init(shape: [Int], _ values: [UInt8]) { self.init(shape: shape, .u8, copying: values) }

  init<Scalar: BitwiseCopyable>(shape: [Int], _ element: StoredElementType, copying values: [Scalar]) {
    let file = values.withUnsafeBytes { source in
      MappedFile(count: source.count, path: "<memory>") { $0.copyMemory(from: source) }
    }
    self.init(shape: shape, element: element, file: file, range: 0..<file.bytes.count)
  }

  package var elementCount: Int { range.count / element.byteSize }
  package var byteCount: Int { range.count }
  /// File that the tensor was read from, for messages.
  package var path: String { file.path }

  /// The bytes without a copy; the pointer may be unaligned.
  package func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(file) {} }
    return try body(UnsafeRawBufferPointer(rebasing: file.bytes[range]))
  }

  /// A copy of the bytes.
  package var bytes: [UInt8] { withBytes { Array($0) } }

  /// Some of the elements, in row-major order, as a vector.
  package func part(_ places: Range<Int>) -> StoredTensor {
    let size = element.byteSize
    let start = range.lowerBound + places.lowerBound * size
    return StoredTensor(
      shape: [places.count], element: element, file: file, range: start..<start + places.count * size)
  }

  /// Same elements under another shape; nil if the counts differ.
  package func reshaped(to shape: [Int]) -> StoredTensor? {
    guard TensorShape.byteCount(shape, element) == range.count else { return nil }
    return StoredTensor(shape: shape, element: element, file: file, range: range)
  }
}

extension StoredTensor: Equatable {
  /// Same shape, element type and bytes (so a NaN equals itself and zeros of unlike sign differ).
  package static func == (left: StoredTensor, right: StoredTensor) -> Bool {
    left.shape == right.shape && left.element == right.element && left.hasSameBytes(as: right)
  }
}

extension StoredTensor {
  /// Compares bytes, whatever they mean; those of the same place in the same file are not read.
  package func hasSameBytes(as other: StoredTensor) -> Bool {
    if range.count != other.range.count { return false }
    if range.isEmpty || (file === other.file && range == other.range) { return true }
    return withBytes { a in
      other.withBytes { b in memcmp(a.baseAddress!, b.baseAddress!, a.count) == 0 }
    }
  }
}

extension StoredTensor: CustomStringConvertible {
  package var description: String { TensorShape.describe(shape, element) }
}
