/// Looks for offsets within a capacity, depth first, or proves that there are none (after Moffitt,
/// "MiniMalloc", ASPLOS 2023).
///
/// Buffers are placed in ascending order of offset, each resting on one below it or on the floor: every
/// packing can be pushed down into that form. Four laws cut the tree.
/// - Room: what is still unplaced at some moment must fit above the lowest offset that remains possible
///   there.
/// - Dominance: nothing rests so high that an unplaced buffer would fit wholly beneath; that one could sink
///   there.
/// - No hat: where nothing unplaced meets a buffer, putting it elsewhere cannot help.
/// - Parts: unplaced buffers that share no moment with the others are a problem of their own.
struct PackingSearch {
  /// What makes a buffer demanding: such buffers are tried first. Which measure serves best differs by
  /// problem.
  enum Demand: CaseIterable {
    /// The fullest moment that it lives through, then its lifetime.
    case crowd
    /// Its lifetime, then bytes times lifetime.
    case lifetime
    /// Bytes times lifetime.
    case area
  }

  /// Buffers that may still be looked at.
  private var effortLeft = 0

  private let buffers: [BufferLifetime]
  /// Buffers of at least one byte, the most demanding first.
  private let items: [Int]
  private let rank: [Int]
  private let neighbors: [[Int]]
  /// Buffers alive at each moment that matters, whenever one is born, one moment behind the other.
  private let liveItems: [Int]
  /// Where each moment begins in `liveItems`; the end behind the last.
  private let momentStarts: [Int]
  /// The moments that an item lives through.
  private let moments: [Range<Int>]

  private var capacity = 0
  private var offsets: [Int?] = []
  /// The lowest offset that the placed neighbors leave; beyond every offset for what is placed.
  private var lowest: [Int] = []
  /// Bytes unplaced at each moment.
  private var unplaced: [Int] = []
  private var trail: [Change] = []

  /// A step that can be taken back.
  private enum Change {
    case placed(Int)
    case raised(Int, from: Int)
  }

  init(_ buffers: [BufferLifetime], by demand: Demand) {
    self.buffers = buffers
    let present = buffers.indices.filter { buffers[$0].byteCount > 0 }
    let births = Set(present.map { buffers[$0].first }).sorted()
    let liveAtMoments = births.map { time in
      present.filter { buffers[$0].first <= time && time <= buffers[$0].last }
    }
    liveItems = liveAtMoments.flatMap { $0 }
    momentStarts = liveAtMoments.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
    let moments = buffers.map { buffer in
      births.prefix { $0 < buffer.first }.count..<births.prefix { $0 <= buffer.last }.count
    }
    self.moments = moments
    let sums = liveAtMoments.map { live in live.reduce(0.0) { $0 + Double(buffers[$1].byteCount) } }
    let keys = buffers.indices.map { place in
      demand.key(buffers[place], crowd: moments[place].map { sums[$0] }.max() ?? 0)
    }
    items = present.sorted { (keys[$1].0, keys[$1].1, $0) < (keys[$0].0, keys[$0].1, $1) }
    var rank = Array(repeating: 0, count: buffers.count)
    for (position, item) in items.enumerated() { rank[item] = position }
    self.rank = rank
    neighbors = buffers.indices.map { place in
      present.filter { $0 != place && buffers[$0].meets(buffers[place]) }
    }
  }

  /// One offset for each buffer; nil where the capacity is too small or the effort is spent.
  mutating func offsets(within capacity: Int, effort: Int) -> [Int]? {
    self.capacity = capacity
    effortLeft = effort
    trail = []
    offsets = Array(repeating: nil, count: buffers.count)
    lowest = Array(repeating: 0, count: buffers.count)
    unplaced = zip(momentStarts, momentStarts.dropFirst()).map { start, end in
      liveItems[start..<end].reduce(0) { $0 + buffers[$1].byteCount }
    }
    guard hasRoom(above: 0), placeParts(of: items, from: 0, after: -1) else { return nil }
    return offsets.map { $0 ?? 0 }
  }

  /// Places every part of the items; the parts share no moment.
  private mutating func placeParts(of remaining: [Int], from bottom: Int, after last: Int) -> Bool {
    let mark = trail.count
    for part in parts(of: remaining) where !place(part, from: bottom, after: last) {
      takeBack(to: mark)
      return false
    }
    return true
  }

  /// Items cut at the moments that no item spans, each part in the order of the items.
  private func parts(of remaining: [Int]) -> [[Int]] {
    let starts = partStarts(of: remaining)
    if starts.count < 2 { return remaining.isEmpty ? [] : [remaining] }
    return starts.enumerated().map { part, start in
      let next = part + 1 < starts.count ? starts[part + 1] : Int.max
      return remaining.filter { moments[$0].lowerBound >= start && moments[$0].lowerBound < next }
    }
  }

  /// The moments where parts begin.
  private func partStarts(of remaining: [Int]) -> [Int] {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: unplaced.count) { reached in
      // Of the items that are born at a moment, the latest end.
      reached.initialize(repeating: 0)
      for item in remaining {
        let moments = moments[item]
        if moments.upperBound > reached[moments.lowerBound] { reached[moments.lowerBound] = moments.upperBound }
      }
      var (starts, end, moment) = ([Int](), 0, 0)
      while moment < reached.count {
        if reached[moment] > 0, moment >= end { starts.append(moment) }
        end = max(end, reached[moment])
        moment += 1
      }
      return starts
    }
  }

  /// Places all of the items at offsets not below `bottom`; at `bottom` itself, only those ranked after
  /// `last`.
  private mutating func place(_ remaining: [Int], from bottom: Int, after last: Int) -> Bool {
    var ceiling = Int.max
    for item in remaining { ceiling = min(ceiling, lowest[item] + buffers[item].byteCount) }
    let candidates = remaining.filter { item in
      lowest[item] < ceiling && (lowest[item] > bottom || lowest[item] == bottom && rank[item] > last)
    }
    for item in candidates.sorted(by: { (lowest[$0], rank[$0]) < (lowest[$1], rank[$1]) }) {
      if effortLeft <= 0 { return false }
      effortLeft -= remaining.count
      let hasNoHat = neighbors[item].allSatisfy { lowest[$0] == .max }
      if place(item, then: remaining.filter { $0 != item }) { return true }
      if hasNoHat { return false }
    }
    return false
  }

  /// Tries the item at its lowest offset, then the rest above.
  private mutating func place(_ item: Int, then rest: [Int]) -> Bool {
    let offset = lowest[item]
    let top = offset + buffers[item].byteCount
    if top > capacity { return false }
    let mark = trail.count
    trail.append(.placed(item))
    offsets[item] = offset
    lowest[item] = .max
    for moment in moments[item] { unplaced[moment] -= buffers[item].byteCount }
    for neighbor in neighbors[item] where lowest[neighbor] < top {
      trail.append(.raised(neighbor, from: lowest[neighbor]))
      lowest[neighbor] = buffers[neighbor].aligned(top)
    }
    if hasRoom(above: offset), placeParts(of: rest, from: offset, after: rank[item]) { return true }
    takeBack(to: mark)
    return false
  }

  private mutating func takeBack(to mark: Int) {
    while trail.count > mark {
      switch trail.removeLast() {
      case .raised(let item, let earlier):
        lowest[item] = earlier
      case .placed(let item):
        lowest[item] = offsets[item] ?? 0
        offsets[item] = nil
        for moment in moments[item] { unplaced[moment] += buffers[item].byteCount }
      }
    }
  }

  /// The law of room, at every moment: most of the time of a search is spent here.
  private func hasRoom(above bottom: Int) -> Bool {
    var moment = 0
    while moment < unplaced.count {
      if unplaced[moment] > 0 {
        var floor = Int.max
        var place = momentStarts[moment]
        let end = momentStarts[moment + 1]
        while place < end, floor > bottom {
          let low = lowest[liveItems[place]]
          if low < floor { floor = low }
          place += 1
        }
        if (floor > bottom ? floor : bottom) + unplaced[moment] > capacity { return false }
      }
      moment += 1
    }
    return true
  }
}

extension PackingSearch.Demand {
  fileprivate func key(_ buffer: BufferLifetime, crowd: Double) -> (Double, Double) {
    let lifetime = Double(buffer.last - buffer.first + 1)
    let area = lifetime * Double(buffer.byteCount)
    return switch self {
    case .crowd: (crowd, lifetime)
    case .lifetime: (lifetime, area)
    case .area: (area, lifetime)
    }
  }
}
