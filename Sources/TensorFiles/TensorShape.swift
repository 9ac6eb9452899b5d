/// Sizes of tensors from files, where every number may be a lie.
enum TensorShape {
  /// Largest rank that is read; NumPy's limit.
  static let rankLimit = 64

  /// Product of the extents; nil if one is negative, if the rank is beyond the limit or if the product does
  /// not fit into an Int. The empty shape is a scalar and has one element.
  static func elementCount(_ shape: [Int]) -> Int? {
    guard shape.count <= rankLimit, shape.allSatisfy({ $0 >= 0 }) else { return nil }
    if shape.contains(0) { return 0 }
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      if overflow { return nil }
      count = product
    }
    return count
  }

  static func byteCount(_ shape: [Int], _ element: StoredElementType) -> Int? {
    guard let count = elementCount(shape) else { return nil }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: element.byteSize)
    return overflow ? nil : bytes
  }

  static func describe(_ shape: [Int], _ element: StoredElementType) -> String {
    "\(element.rawValue)[\(shape.map(String.init).joined(separator: ","))]"
  }
}
