/// Runs of equal stages, found again: `a b a b c` → `[a -> b] * 2 -> c`.
enum Repetition {
  indirect enum Item: Hashable {
    case stage(ScriptStage)
    case repeated([Item], Int)

    /// Whether something in it has parameters.
    var hasLayer: Bool {
      switch self {
      case .stage(let stage): stage.isLayer
      case .repeated(let items, _): items.contains(where: \.hasLayer)
      }
    }

    var stages: [ScriptStage] {
      switch self {
      case .stage(let stage): [stage]
      case .repeated(let items, _): items.flatMap(\.stages)
      }
    }
  }

  /// Stages longer than this in one repetition are a network of their own.
  private static let longestPeriod = 24

  /// Chains with more stages are left as they are: searching them would take long.
  private static let longestChain = 2000

  /// The shortest period first, then from left to right; what is repeated holds a layer with parameters.
  static func found(in stages: [ScriptStage]) -> [Item] {
    var items = stages.map { Item.stage($0) }
    var period = items.count > longestChain ? items.count : 1
    while period <= min(longestPeriod, items.count / 2) {
      if let shorter = folded(items, period) {
        items = shorter
        period = 1
      } else {
        period += 1
      }
    }
    return items
  }

  /// The first run of this period as one item, best one that begins with a layer; nil where there is none.
  private static func folded(_ items: [Item], _ period: Int) -> [Item]? {
    let starts = Array(0...(items.count - 2 * period))
    for start in starts.filter({ items[$0].hasLayer }) + starts {
      let unit = items[start..<start + period]
      let count = repetitions(of: unit, in: items)
      if count == 1 || !unit.contains(where: \.hasLayer) { continue }
      let run = Item.repeated(Array(unit), count)
      return Array(items[..<start]) + [run] + Array(items[(start + count * period)...])
    }
    return nil
  }

  /// How often the unit stands in a row, from its place on.
  private static func repetitions(of unit: ArraySlice<Item>, in items: [Item]) -> Int {
    var count = 1
    var next = unit.endIndex
    while next + unit.count <= items.count, items[next..<next + unit.count].elementsEqual(unit) {
      count += 1
      next += unit.count
    }
    return count
  }
}

extension Repetition.Item {
  /// As a stage of a chain.
  var text: String {
    switch self {
    case .stage(let stage): return stage.text
    case .repeated(let items, let count):
      if items.count == 1, case .stage(let stage) = items[0] { return "\(stage.text) * \(count)" }
      return "[\(items.map(\.text).joined(separator: " -> "))] * \(count)"
    }
  }
}

/// One stage of a chain.
struct ScriptStage: Hashable {
  var label: String?
  var call: String
  /// The operator's name.
  var kind: String
  /// Whether it makes parameters of its own.
  var isLayer: Bool

  var text: String { label.map { "\($0): \(call)" } ?? call }
}
