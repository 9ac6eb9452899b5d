/// Numbers of operations and bytes, which several long sums together take beyond all integers.
extension Int {
  package func addedSaturating(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }

  /// The product with numbers that are not negative.
  package func multipliedSaturating(by factors: [Int]) -> Int {
    if self == 0 || factors.contains(0) { return 0 }
    return factors.reduce(self) { result, factor in
      let (product, overflow) = result.multipliedReportingOverflow(by: factor)
      return overflow ? .max : product
    }
  }
}

extension [Axis] {
  /// How many places they number together.
  package var placeCount: Int { 1.multipliedSaturating(by: map(\.extent)) }
}
