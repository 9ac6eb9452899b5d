extension LayerGrid {
  /// Orders every layer such that few segments cross: sweeps down and up move each vertex to the mean place
  /// of its neighbors, exchanges of neighbors do the rest. The best order met is kept; equal ones stay as
  /// they were.
  mutating func orderLayers() {
    var best = layers
    var fewest = crossingCount
    for _ in 0..<Self.sweepLimit where fewest > 0 {
      let before = layers
      for layer in layers.indices.dropFirst() { sort(layer, by: above, \.upper, \.exit) }
      for layer in layers.indices.dropLast().reversed() { sort(layer, by: below, \.lower, \.entry) }
      exchangeNeighbors()
      let count = crossingCount
      if count < fewest { (best, fewest) = (layers, count) }
      if layers == before { break }
    }
    layers = best
  }

  private static let sweepLimit = 12

  /// Place of each vertex in its layer.
  private var places: [Double] {
    var places = Array(repeating: 0.0, count: vertices.count)
    for layer in layers {
      for (place, vertex) in layer.enumerated() { places[vertex] = Double(place) }
    }
    return places
  }

  private mutating func sort(
    _ layer: Int, by neighbors: [[Int]], _ end: KeyPath<Segment, Int>, _ port: KeyPath<Segment, Double>
  ) {
    let places = self.places
    func mean(_ vertex: Int) -> Double {
      let segments = neighbors[vertex].map { self.segments[$0] }
      if segments.isEmpty { return places[vertex] }
      let sum = segments.reduce(0) { $0 + places[$1[keyPath: end]] + $1[keyPath: port] - 0.5 }
      return sum / Double(segments.count)
    }
    let keyed = layers[layer].map { (vertex: $0, mean: mean($0)) }
    layers[layer] = keyed.sorted { ($0.mean, places[$0.vertex]) < ($1.mean, places[$1.vertex]) }.map(\.vertex)
  }

  // MARK: Crossings

  /// Pairs of segments between the same layers that cross.
  var crossingCount: Int {
    let places = self.places
    var count = 0
    for layer in layers.indices.dropLast() {
      let ends = segments(below: layer).map { ($0, places[$0.upper] + $0.exit, places[$0.lower] + $0.entry) }
      for (number, first) in ends.enumerated() {
        for second in ends[..<number] where (first.1 - second.1) * (first.2 - second.2) < 0 { count += 1 }
      }
    }
    return count
  }

  /// Exchanges neighbors as long as that removes crossings.
  private mutating func exchangeNeighbors() {
    for _ in 0..<Self.sweepLimit {
      var improved = false
      for layer in layers.indices {
        let places = self.places
        for place in layers[layer].indices.dropLast() {
          let (left, right) = (layers[layer][place], layers[layer][place + 1])
          if crossings(left, right, places) > crossings(right, left, places) {
            layers[layer].swapAt(place, place + 1)
            improved = true
          }
        }
      }
      if !improved { break }
    }
  }

  /// Crossings between the segments of two neighbors when they stand in this order.
  private func crossings(_ left: Int, _ right: Int, _ places: [Double]) -> Int {
    let up = { (number: Int) in places[self.segments[number].upper] + self.segments[number].exit }
    let down = { (number: Int) in places[self.segments[number].lower] + self.segments[number].entry }
    return inversions(above[left].map(up), above[right].map(up))
      + inversions(below[left].map(down), below[right].map(down))
  }

  private func inversions(_ left: [Double], _ right: [Double]) -> Int {
    left.reduce(0) { count, place in count + right.count { $0 < place } }
  }
}
