/// Places buffers one after the other, each into a gap between those that are alive with it.
struct GreedyPacker {
  enum Fit: CaseIterable {
    /// The lowest gap that is large enough.
    case lowest
    /// The smallest gap that is large enough.
    case tightest
  }

  private let buffers: [BufferLifetime]
  /// For each buffer, those that are alive with it.
  private let neighbors: [[Int]]

  init(_ buffers: [BufferLifetime]) {
    self.buffers = buffers
    neighbors = buffers.indices.map { place in
      buffers.indices.filter { $0 != place && buffers[$0].meets(buffers[place]) }
    }
  }

  /// Orders worth trying; ties keep the given order.
  var orders: [[Int]] {
    func descending(_ key: (Int) -> Int) -> [Int] {
      let keys = buffers.indices.map(key)
      return buffers.indices.sorted { (keys[$1], $0) < (keys[$0], $1) }
    }
    func span(_ place: Int) -> Int { buffers[place].last - buffers[place].first + 1 }
    func size(_ place: Int) -> Int { buffers[place].byteCount }
    let crowds = buffers.indices.map { place in neighbors[place].reduce(size(place)) { $0 + size($1) } }
    return [
      descending(size), descending { size($0).multipliedReportingOverflow(by: span($0)).partialValue },
      descending(span), descending { crowds[$0] }, descending { -buffers[$0].first },
    ]
  }

  func plan(_ order: [Int], _ fit: Fit, _ lowerBound: Int) -> MemoryPlan {
    var offsets: [Int?] = Array(repeating: nil, count: buffers.count)
    var peak = 0
    for place in order {
      let offset = self.offset(of: place, offsets, fit)
      offsets[place] = offset
      peak = max(peak, offset + buffers[place].byteCount)
    }
    return MemoryPlan(offsets: offsets.map { $0 ?? 0 }, peak: peak, lowerBound: lowerBound)
  }

  private func offset(of place: Int, _ offsets: [Int?], _ fit: Fit) -> Int {
    let buffer = buffers[place]
    let below = neighbors[place].compactMap { neighbor in
      offsets[neighbor].map { ($0, $0 + buffers[neighbor].byteCount) }
    }
    var tightest: (offset: Int, gap: Int)?
    var top = 0
    for (start, end) in below.sorted(by: <) {
      let candidate = buffer.aligned(top)
      if candidate + buffer.byteCount <= start {
        if fit == .lowest { return candidate }
        let gap = start - top
        if gap < tightest?.gap ?? Int.max { tightest = (candidate, gap) }
      }
      top = max(top, end)
    }
    return tightest?.offset ?? buffer.aligned(top)
  }
}
