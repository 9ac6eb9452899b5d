/// Finds an execution order that needs less memory at its peak. Without one, the given order stays, but for what frees
/// memory: that is done early.
///
/// The order of the text is often depth first where breadth is cheaper, or the reverse: a branch whose result
/// is small should run to its end before another begins.
package let orderNodes = Pass<Graph>(
  "order-nodes", "chooses the execution order with the lowest peak of memory"
) { graph in
  let model = StorageModel(graph)
  let given = Array(model.units.indices)
  let order = bestOrder(model, given)
  if order == given { return graph }
  var result = graph
  result.nodes = order.enumerated().flatMap { number, unit in
    model.units[unit].map { place in
      var node = graph.nodes[place]
      // Groups stay numbered in execution order.
      if node.group != nil { node.group = number }
      return node
    }
  }
  return result.renumbered
}

/// Begins with the given order, or with what frees memory done early, unless that needs more: what is used soon is
/// still in a cache, and gradients by weights are used up as they come. Then it halves the interval between what is
/// surely needed and what the best order so far needs.
private func bestOrder(_ model: StorageModel, _ given: [Int]) -> [Int] {
  var best = given
  var (impossible, possible) = (model.lowerBound - 1, model.peak(of: given))
  var search = OrderSearch(model)
  if let early = search.earlyOrder(), model.peak(of: early) <= possible {
    best = early
    possible = model.peak(of: early)
  }
  var limit = model.lowerBound
  while limit < possible {
    if let order = search.order(within: limit) {
      best = order
      possible = model.peak(of: order)
    } else {
      impossible = limit
    }
    limit = impossible + max(1, (possible - impossible) / 2)
  }
  return best
}

/// Depth-first search for an order whose peak stays within a limit. States that failed are remembered.
///
/// A unit that fits and leaves no more memory alive than before runs at once: moving it to the front of any
/// order that works gives an order that works.
private struct OrderSearch {
  private let model: StorageModel
  private let consumers: [[Int]]
  /// Steps that may still be tried, over all searches: the search gives up rather than take long.
  private var budget = 100_000

  private var state: StorageState
  private var producersLeft: [Int]
  /// Units whose producers have run, ascending.
  private var ready: [Int]
  /// Units that have run, in order.
  private var trail: [Int] = []
  private var done: [UInt64]

  /// A place where several units could run.
  private struct Choice {
    var units: [Int]
    var trailCount: Int
    var key: [UInt64]
  }

  init(_ model: StorageModel) {
    self.model = model
    var consumers: [[Int]] = Array(repeating: [], count: model.units.count)
    for unit in model.units.indices {
      for producer in model.producers[unit].sorted() { consumers[producer].append(unit) }
    }
    self.consumers = consumers
    state = StorageState(model)
    producersLeft = model.producers.map(\.count)
    ready = model.units.indices.filter { model.producers[$0].isEmpty }
    done = Array(repeating: 0, count: (model.units.count + 63) / 64)
  }

  /// The given order, but what frees memory comes as soon as it can; nil where too many units would be looked through.
  mutating func earlyOrder() -> [Int]? {
    guard model.units.count <= Self.mostUnits else { return nil }
    let given = budget
    defer {
      takeBack(to: 0)
      budget = given
    }
    while let next = ready.first(where: { state.growth(of: $0, model) <= 0 }) ?? ready.first { run(next) }
    return trail
  }

  private static let mostUnits = 10_000

  mutating func order(within limit: Int) -> [Int]? {
    defer { takeBack(to: 0) }
    var failed: Set<[UInt64]> = []
    var choices: [Choice] = []
    while budget > 0 {
      let candidates = advance(limit)
      if trail.count == model.units.count { return trail }
      if candidates.isEmpty || failed.contains(done) {
        while let last = choices.last, last.units.isEmpty {
          failed.insert(last.key)
          choices.removeLast()
        }
        if choices.isEmpty { return nil }
      } else {
        choices.append(Choice(units: candidates.reversed(), trailCount: trail.count, key: done))
      }
      let place = choices.count - 1
      takeBack(to: choices[place].trailCount)
      run(choices[place].units.removeLast())
    }
    return nil
  }

  /// Runs what can run without a choice; returns the units to choose from, none at a dead end.
  private mutating func advance(_ limit: Int) -> [Int] {
    while true {
      let fitting = ready.filter { state.live + model.byteCount(madeBy: $0) <= limit }
      if let free = fitting.first(where: { state.growth(of: $0, model) <= 0 }) {
        run(free)
      } else if fitting.count == 1 {
        run(fitting[0])
      } else {
        return fitting
      }
    }
  }

  private mutating func run(_ unit: Int) {
    budget -= 1
    state.run(unit, model)
    trail.append(unit)
    done[unit / 64] |= 1 << UInt64(unit % 64)
    ready.removeAll { $0 == unit }
    for consumer in consumers[unit] {
      producersLeft[consumer] -= 1
      if producersLeft[consumer] == 0 { insertReady(consumer) }
    }
  }

  private mutating func takeBack(to count: Int) {
    while trail.count > count {
      let unit = trail.removeLast()
      state.takeBack(unit, model)
      done[unit / 64] &= ~(1 << UInt64(unit % 64))
      for consumer in consumers[unit] {
        if producersLeft[consumer] == 0 { ready.removeAll { $0 == consumer } }
        producersLeft[consumer] += 1
      }
      insertReady(unit)
    }
  }

  private mutating func insertReady(_ unit: Int) {
    let place = ready.firstIndex { $0 > unit } ?? ready.count
    ready.insert(unit, at: place)
  }
}
