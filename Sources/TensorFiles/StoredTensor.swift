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

  /// Same elements under another shape; nil if the counts differ.
  package func reshaped(to shape: [Int]) -> StoredTensor? {
    guard TensorShape.byteCount(shape, element) == range.count else { return nil }
    return StoredTensor(shape: shape, element: element, file: file, range: range)
  }
}

extension StoredTensor: Equatable {
  /// Same shape, element type and bytes (so a NaN equals itself and zeros of unlike sign differ).
  package static func == (left: StoredTensor, right: StoredTensor) -> Bool {
    guard left.shape == right.shape, left.element == right.element else { return false }
    return left.withBytes { a in right.withBytes { b in a.elementsEqual(b) } }
  }
}

extension StoredTensor: CustomStringConvertible {
  package var description: String { TensorShape.describe(shape, element) }
}
