extension Loop {
  /// True where sums are added up, and an iteration reads what others read too, as windows that overlap do:
  ///
  ///     for q { s0 = s0 + x[j+q] * w[q]; s1 = s1 + x[j+q+1] * w[q] }
  ///
  /// A compiler that writes all iterations out keeps such numbers in registers, and the sums in memory. With AVX2, the
  /// 5x5 convolutions of LeNet-5 took twice as long.
  var repeatsReadsOfSums: Bool {
    let values = body.compactMap { if case .assign(_, _, let value) = $0 { value } else { nil } }
    if values.isEmpty { return false }
    let named = body.compactMap { if case .declare(_, _, let value) = $0 { value } else { nil } }
    let reads = Dictionary(grouping: (values + named).flatMap(\.reads), by: \.tensor)
    return reads.values.contains { reads in
      reads.enumerated().contains { place, access in
        reads[..<place].contains { isRead(access, byAnotherIterationAs: $0) }
      }
    }
  }

  /// True where the places are as far from each other as those of one access in two iterations.
  private func isRead(_ access: Access, byAnotherIterationAs other: Access) -> Bool {
    let distances = zip(access.indices, other.indices).map { LinearForm($0 - $1) }
    guard distances.allSatisfy(\.terms.isEmpty), distances.contains(where: { $0.constant != 0 }) else { return false }
    let strides = access.indices.map { LinearForm($0).factor(of: axis) }
    guard let moving = strides.firstIndex(where: { $0 != 0 }) else { return false }
    let iterations = distances[moving].constant / strides[moving]
    return abs(iterations) < axis.extent
      && zip(distances, strides).allSatisfy { $0.constant == iterations * $1 }
  }
}
