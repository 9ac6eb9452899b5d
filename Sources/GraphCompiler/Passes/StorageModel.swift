/// What an execution order costs: the units that run one after the other, and the memory that passes between
/// them.
///
/// A unit is a group of nodes, or a single node that has no group. Values inside a group are never stored;
/// views share the storage of their source; inputs, parameters and outputs are memory of the caller and cost
/// nothing here. Sizes are logical: a layout may add padding later.
struct StorageModel {
  /// One value that lives in working memory, its views included.
  struct Storage {
    var byteCount: Int
    /// Units that read it, ascending, each once.
    var readers: [Int] = []
  }

  /// Places in `Graph.nodes` of each unit's nodes.
  private(set) var units: [[Int]] = []
  private(set) var storages: [Storage] = []
  /// Storages that each unit makes.
  private(set) var made: [[Int]] = []
  /// Storages that each unit reads, each once.
  private(set) var read: [[Int]] = []
  /// Units that must run before each unit.
  private(set) var producers: [Set<Int>] = []
  /// Bytes that each unit makes.
  private var madeByteCounts: [Int] = []
  /// Bytes that each unit makes and some unit reads.
  private var keptByteCounts: [Int] = []

  init(_ graph: Graph) {
    var storageOfValue: [Value: Int] = [:]
    var unitOfValue: [Value: Int] = [:]
    let uses = ValueUses(graph)
    for nodes in Self.units(of: graph) {
      let unit = units.count
      let inside = Set(nodes.flatMap { graph.nodes[$0].results })
      let operands = nodes.flatMap { graph.nodes[$0].operands }.filter { !inside.contains($0) }
      let unitStorages = Set(operands.compactMap { storageOfValue[$0] }).sorted()
      for storage in unitStorages { storages[storage].readers.append(unit) }
      units.append(nodes)
      read.append(unitStorages)
      producers.append(Set(operands.compactMap { unitOfValue[$0] }))
      made.append([])
      for value in nodes.flatMap({ graph.nodes[$0].results }) {
        unitOfValue[value] = unit
        if nodes.count == 1, graph.nodes[nodes[0]].op.keepsRowMajorOrder {
          storageOfValue[value] = storageOfValue[operands[0]]
        } else if !uses.escapes(value), !uses.nodes(of: value).allSatisfy(nodes.contains) {
          storageOfValue[value] = storages.count
          made[unit].append(storages.count)
          storages.append(Storage(byteCount: graph.type(of: value).byteCount))
        }
      }
    }
    madeByteCounts = made.map { places in places.reduce(0) { $0 + storages[$1].byteCount } }
    keptByteCounts = made.map { places in
      places.reduce(0) { storages[$1].readers.isEmpty ? $0 : $0 + storages[$1].byteCount }
    }
  }

  private static func units(of graph: Graph) -> [[Int]] {
    var result: [[Int]] = []
    var unitOfGroup: [Int: Int] = [:]
    for (place, node) in graph.nodes.enumerated() {
      if let group = node.group, let unit = unitOfGroup[group] {
        result[unit].append(place)
      } else {
        if let group = node.group { unitOfGroup[group] = result.count }
        result.append([place])
      }
    }
    return result
  }

  func byteCount(madeBy unit: Int) -> Int { madeByteCounts[unit] }

  /// Bytes that the unit makes, without those that nothing reads.
  func byteCount(keptBy unit: Int) -> Int { keptByteCounts[unit] }

  /// The largest sum of bytes alive at once.
  func peak(of order: [Int]) -> Int {
    var state = StorageState(self)
    var peak = 0
    for unit in order {
      peak = max(peak, state.live + byteCount(madeBy: unit))
      state.run(unit, self)
    }
    return peak
  }

  /// Bytes that are alive together in any order: what some unit reads and makes.
  var lowerBound: Int {
    units.indices.map { unit in read[unit].reduce(byteCount(madeBy: unit)) { $0 + storages[$1].byteCount } }
      .max() ?? 0
  }
}

/// The memory alive after some units have run. Steps can be taken back in reverse order.
struct StorageState {
  private(set) var live = 0
  private var readersLeft: [Int]

  init(_ model: StorageModel) { readersLeft = model.storages.map(\.readers.count) }

  /// Bytes that the unit leaves behind, less those that it was the last to need.
  func growth(of unit: Int, _ model: StorageModel) -> Int {
    var growth = model.byteCount(keptBy: unit)
    for storage in model.read[unit] where readersLeft[storage] == 1 {
      growth -= model.storages[storage].byteCount
    }
    return growth
  }

  mutating func run(_ unit: Int, _ model: StorageModel) {
    live += growth(of: unit, model)
    for storage in model.read[unit] { readersLeft[storage] -= 1 }
  }

  mutating func takeBack(_ unit: Int, _ model: StorageModel) {
    for storage in model.read[unit] { readersLeft[storage] += 1 }
    live -= growth(of: unit, model)
  }
}
