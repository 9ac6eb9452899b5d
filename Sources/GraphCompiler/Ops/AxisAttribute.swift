/// Axes in attributes count from the end when negative.
package enum AxisAttribute {
  /// The axis in `0..<rank`.
  package static func resolve(_ axis: Int, rank: Int, field: String = "axis") throws(OpError) -> Int {
    guard axis >= -rank, axis < rank else {
      throw OpError("'\(field)' must lie in \(-rank)..<\(rank) for rank \(rank), found \(axis)", at: .field(field))
    }
    return axis < 0 ? axis + rank : axis
  }

  /// Sorted axes without repetition; an empty list means all.
  package static func resolve(_ axes: [Int], rank: Int, field: String = "axes") throws(OpError) -> [Int] {
    if axes.isEmpty { return Array(0..<rank) }
    var result: [Int] = []
    for axis in axes { result.append(try resolve(axis, rank: rank, field: field)) }
    guard Set(result).count == result.count else {
      throw OpError("'\(field)' names an axis twice: \(axes)", at: .field(field))
    }
    return result.sorted()
  }
}
