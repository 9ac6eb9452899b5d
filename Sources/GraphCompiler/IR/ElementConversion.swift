import LoopIR
import TensorFiles

extension ElementType {
  /// The same type in files.
  package var stored: StoredElementType {
    guard let type = StoredElementType(rawValue: rawValue) else {
      preconditionFailure("tensor files know every element type, '\(rawValue)' too")
    }
    return type
  }
}

extension StoredTensor {
  /// Type and elements, the first ones of many.
  package var summary: String {
    guard let element = ElementType(rawValue: element.rawValue) else {
      preconditionFailure("the compiler knows every element type of files, '\(element.rawValue)' too")
    }
    return TensorData(TensorType(element, shape), bytes: bytes).summary
  }

  /// The same numbers in another type; refused if one of them would change.
  package func exactly(as target: StoredElementType) throws(TensorFileError) -> StoredTensor {
    if target == element { return self }
    let result = try converted(to: target)
    if let place = try firstDifference(from: result) {
      throw TensorFileError(
        path, "element \(place) would change",
        cure: "convert the array with .astype(\"\(target.numpyName)\")")
    }
    return result
  }

  /// Every element divided by a number, in a floating point type.
  package func divided(by scale: Double, as target: StoredElementType) throws(TensorFileError) -> StoredTensor {
    if target == .f64 { return StoredTensor(shape: shape, doubles().map { $0 / scale }) }
    let divisor = Float(scale)
    return try StoredTensor(shape: shape, floats().map { $0 / divisor }).converted(to: target)
  }

  private func firstDifference(from other: StoredTensor) throws(TensorFileError) -> Int? {
    // Double precision would round integers of 64 bits on both sides alike.
    if element.hasLargeIntegers, other.element.isFloatingPoint {
      let numbers = try int64s()
      let rounded = other.doubles()
      return numbers.indices.first { Int64(exactly: rounded[$0]) != numbers[$0] }
    }
    let (left, right) = (doubles(), other.doubles())
    return left.indices.first { left[$0] != right[$0] && !(left[$0].isNaN && right[$0].isNaN) }
  }
}

extension StoredElementType {
  fileprivate var hasLargeIntegers: Bool { self == .i64 || self == .u64 }

  /// As `astype` takes it.
  fileprivate var numpyName: String {
    switch self {
    case .bool: "bool"
    case .f16, .bf16, .f32, .f64: "float\(byteSize * 8)"
    case .i8, .i16, .i32, .i64: "int\(byteSize * 8)"
    case .u8, .u16, .u32, .u64: "uint\(byteSize * 8)"
    }
  }
}
