extension StoredTensor {
  /// All elements in single precision, rounded where they have more digits; true is 1.
  package func floats() -> [Float] {
    switch element {
    case .f32: copied(as: Float.self)
    case .f16: map { HalfPrecision.float(fromHalf: $0) }
    case .bf16: map { HalfPrecision.float(fromBrain: $0) }
    case .f64: map { (value: Double) in Float(value) }
    case .i8: map { (value: Int8) in Float(value) }
    case .i16: map { (value: Int16) in Float(value) }
    case .i32: map { (value: Int32) in Float(value) }
    case .i64: map { (value: Int64) in Float(value) }
    case .u8: map { (value: UInt8) in Float(value) }
    case .u16: map { (value: UInt16) in Float(value) }
    case .u32: map { (value: UInt32) in Float(value) }
    case .u64: map { (value: UInt64) in Float(value) }
    case .bool: map { (value: UInt8) in value == 0 ? 0 : 1 }
    }
  }

  /// All elements in double precision; exact but for integers beyond 2^53.
  package func doubles() -> [Double] {
    switch element {
    case .f64: copied(as: Double.self)
    case .f32: map { (value: Float) in Double(value) }
    case .i64: map { (value: Int64) in Double(value) }
    case .i32: map { (value: Int32) in Double(value) }
    case .u64: map { (value: UInt64) in Double(value) }
    case .u32: map { (value: UInt32) in Double(value) }
    case .f16, .bf16, .i8, .i16, .u8, .u16, .bool: floats().map(Double.init)
    }
  }

  /// All elements as integers; refused if one is not an integer of 64 bits. True is 1.
  package func int64s() throws(TensorFileError) -> [Int64] {
    switch element {
    case .i64: return copied(as: Int64.self)
    case .i8: return map { (value: Int8) in Int64(value) }
    case .i16: return map { (value: Int16) in Int64(value) }
    case .i32: return map { (value: Int32) in Int64(value) }
    case .u8: return map { (value: UInt8) in Int64(value) }
    case .u16: return map { (value: UInt16) in Int64(value) }
    case .u32: return map { (value: UInt32) in Int64(value) }
    case .bool: return map { (value: UInt8) in value == 0 ? 0 : 1 }
    case .u64: return try exactly(copied(as: UInt64.self), Int64.init(exactly:), "a signed 64-bit integer")
    case .f16, .bf16, .f32, .f64: return try exactly(doubles(), Int64.init(exactly:), "an integer")
    }
  }

  /// The same values in another type. Floating point rounds to nearest; integers must fit exactly; as a
  /// bool, everything but zero is true.
  package func converted(to target: StoredElementType) throws(TensorFileError) -> StoredTensor {
    if target == element { return self }
    switch target {
    case .f32: return StoredTensor(shape: shape, floats())
    case .f64: return StoredTensor(shape: shape, doubles())
    case .f16: return StoredTensor(shape: shape, target, copying: doubles().map(HalfPrecision.half))
    case .bf16: return StoredTensor(shape: shape, target, copying: doubles().map(HalfPrecision.brain))
    case .bool: return StoredTensor(shape: shape, target, copying: doubles().map { $0 == 0 ? 0 as UInt8 : 1 })
    case .i64: return StoredTensor(shape: shape, try int64s())
    case .i8: return try narrowed(to: target, Int8.init(exactly:))
    case .i16: return try narrowed(to: target, Int16.init(exactly:))
    case .i32: return try narrowed(to: target, Int32.init(exactly:))
    case .u8: return try narrowed(to: target, UInt8.init(exactly:))
    case .u16: return try narrowed(to: target, UInt16.init(exactly:))
    case .u32: return try narrowed(to: target, UInt32.init(exactly:))
    case .u64: return try narrowed(to: target, UInt64.init(exactly:))
    }
  }

  private func narrowed<Integer: FixedWidthInteger & BitwiseCopyable>(
    to target: StoredElementType, _ convert: (Int64) -> Integer?
  ) throws(TensorFileError) -> StoredTensor {
    let values = try exactly(try int64s(), convert, "of type \(target.rawValue)")
    return StoredTensor(shape: shape, target, copying: values)
  }

  private func exactly<Source, Target>(
    _ values: [Source], _ convert: (Source) -> Target?, _ what: String
  ) throws(TensorFileError) -> [Target] {
    var result: [Target] = []
    result.reserveCapacity(values.count)
    for (index, value) in values.enumerated() {
      guard let converted = convert(value) else {
        throw TensorFileError(path, "element \(index) of a tensor, \(value), is not \(what)")
      }
      result.append(converted)
    }
    return result
  }

  /// A copy with the order of the bytes inside of each element turned around.
  func swappingBytes() -> StoredTensor {
    let size = element.byteSize
    let copy = MappedFile(count: byteCount, path: path) { target in
      withBytes { source in
        for start in stride(from: 0, to: source.count, by: size) {
          for byte in 0..<size { target[start + byte] = source[start + size - 1 - byte] }
        }
      }
    }
    return StoredTensor(shape: shape, element: element, file: copy, range: 0..<byteCount)
  }

  private func copied<Scalar: BitwiseCopyable>(as type: Scalar.Type) -> [Scalar] {
    withBytes { source in
      [Scalar](unsafeUninitializedCapacity: elementCount) { target, count in
        UnsafeMutableRawBufferPointer(target).copyMemory(from: source)
        count = elementCount
      }
    }
  }

  @inline(__always)
  private func map<Source: BitwiseCopyable, Target>(_ convert: (Source) -> Target) -> [Target] {
    withBytes { source in
      [Target](unsafeUninitializedCapacity: elementCount) { target, count in
        for index in 0..<elementCount {
          let value = source.loadUnaligned(fromByteOffset: index * MemoryLayout<Source>.size, as: Source.self)
          target.initializeElement(at: index, to: convert(value))
        }
        count = elementCount
      }
    }
  }
}
