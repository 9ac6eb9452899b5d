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

  package var byteCount: Int { count * element.byteCount }

  /// The largest number of bytes that one tensor may have: sizes beyond are taken for mistakes.
  package static let byteLimit = 1 << 40

  /// True where every extent is at least 0 and the tensor stays below `byteLimit`.
  package var isRepresentable: Bool {
    var bytes = element.byteCount
    for extent in shape {
      if extent < 0 { return false }
      let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
      if overflow || product > Self.byteLimit { return false }
      bytes = product
    }
    return true
  }
}

extension TensorType: CustomStringConvertible {
  /// `f32[1, 3, 224, 224]`
  package var description: String {
    "\(element.rawValue)[\(shape.map(String.init).joined(separator: ", "))]"
  }
}
