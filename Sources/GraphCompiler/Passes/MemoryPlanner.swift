/// A buffer that needs a place in the arena while steps `first` to `last` run, both included.
package struct BufferLifetime: Hashable, Sendable {
  package var name: String
  package var byteCount: Int
  package var first: Int
  package var last: Int
  /// The offset is a multiple of this many bytes.
  package var alignment: Int

  package init(name: String, byteCount: Int, first: Int, last: Int, alignment: Int = 64) {
    precondition(
      first <= last && byteCount >= 0 && alignment > 0, "buffer '\(name)' has no lifetime or no size")
    self.name = name
    self.byteCount = byteCount
    self.first = first
    self.last = last
    self.alignment = alignment
  }

  /// True where both are alive at some step.
  package func meets(_ other: BufferLifetime) -> Bool {
    first <= other.last && other.first <= last
  }

  func aligned(_ offset: Int) -> Int {
    let rest = offset % alignment
    return rest == 0 ? offset : offset + alignment - rest
  }
}

/// One offset for each buffer, such that no two buffers that are alive together overlap.
package struct MemoryPlan: Hashable, Sendable {
  /// In bytes, in the order in which the buffers were given.
  package var offsets: [Int]
  /// Bytes that the arena needs.
  package var peak: Int
  /// The largest sum of bytes alive at once: no plan needs less.
  package var lowerBound: Int
}

package enum MemoryPlanner {
  /// Buffers that one exact search may look at before it gives up on a capacity.
  package static let usualEffort = 200_000

  /// Plans by several greedy orders; where none of them reaches the lower bound, an exact search of limited
  /// effort looks for less. The same buffers give the same plan on every machine.
  package static func plan(_ buffers: [BufferLifetime], effort: Int = usualEffort) -> MemoryPlan {
    let bound = lowerBound(buffers)
    var best = greedyPlan(buffers, bound)
    if best.peak > bound { best = improved(best, buffers, effort) }
    return best
  }

  /// Sums sizes over the moments at which a buffer is born: the sum is largest at one of them.
  static func lowerBound(_ buffers: [BufferLifetime]) -> Int {
    var changes: [Int: Int] = [:]
    for buffer in buffers {
      changes[buffer.first, default: 0] += buffer.byteCount
      changes[buffer.last + 1, default: 0] -= buffer.byteCount
    }
    var (live, peak) = (0, 0)
    for (_, change) in changes.sorted(by: { $0.key < $1.key }) {
      live += change
      peak = max(peak, live)
    }
    return peak
  }

  private static func greedyPlan(_ buffers: [BufferLifetime], _ bound: Int) -> MemoryPlan {
    let packer = GreedyPacker(buffers)
    var best: MemoryPlan?
    for order in packer.orders {
      for fit in [GreedyPacker.Fit.lowest, .tightest] {
        let plan = packer.plan(order, fit, bound)
        if plan.peak < best?.peak ?? Int.max { best = plan }
        if plan.peak == bound { return plan }
      }
    }
    return best ?? MemoryPlan(offsets: [], peak: 0, lowerBound: 0)
  }

  /// Halves the interval between what is impossible, or too hard to find, and what is known to be possible.
  private static func improved(_ plan: MemoryPlan, _ buffers: [BufferLifetime], _ effort: Int) -> MemoryPlan {
    var best = plan
    var impossible = plan.lowerBound - 1
    var capacity = plan.lowerBound
    var searches = PackingSearch.Demand.allCases.map { PackingSearch(buffers, by: $0) }
    while capacity < best.peak {
      if let offsets = firstFound(&searches, capacity, effort) {
        best.offsets = offsets
        best.peak = zip(offsets, buffers).map { $0 + $1.byteCount }.max() ?? 0
      } else {
        impossible = capacity
      }
      let smallestGain = max(1, plan.lowerBound / 1000)
      capacity = impossible + max(smallestGain, (best.peak - impossible) / 2)
    }
    return best
  }

  private static func firstFound(_ searches: inout [PackingSearch], _ capacity: Int, _ effort: Int) -> [Int]?
  {
    for place in searches.indices {
      if let offsets = searches[place].offsets(within: capacity, effort: effort) { return offsets }
    }
    return nil
  }
}
