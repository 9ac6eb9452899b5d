import LoopIR

/// Element type and logical shape of a value. Physical layout is the business of `Program`.
package struct TensorType: Hashable, Sendable {
  package var element: ElementType
  package var shape: [Int]

  package init(_ element: ElementType, _ shape: [Int]) {
    self.element = element
    self.shape = shape
  }

  package var rank: Int { shape.count }

  /// Number of elements. The builder has proved that it does not overflow.
  package var count: Int { shape.reduce(1, *) }

  /// Number of elements of a shape from elsewhere; nil where it is negative or overflows.
  package static func count(of shape: [Int]) -> Int? {
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      if overflow || extent < 0 { return nil }
      count = product
    }
    return count
  }

  package var byteCount: Int { count * element.byteCount }

  /// The largest number of bytes that one tensor may have: sizes beyond are taken for mistakes.
  package static let byteLimit = 1 << 40

  /// True where every extent is at least 0 and the tensor stays below `byteLimit`, even with extents of 0
  /// taken for 1: the product of any of its extents is then safe.
  package var isRepresentable: Bool {
    guard shape.allSatisfy({ $0 >= 0 }) else { return false }
    guard let count = Self.count(of: shape.map { max(1, $0) }) else { return false }
    return count <= Self.byteLimit / element.byteCount
  }
}

extension TensorType: CustomStringConvertible {
  /// `f32[1, 3, 224, 224]`
  package var description: String {
    "\(element.rawValue)[\(shape.map(String.init).joined(separator: ", "))]"
  }
}
