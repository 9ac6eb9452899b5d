/// How one axis is resized: which positions of the input the result's positions stand for, and what is made of them.
struct ResizeAxis {
  let input: Int
  let output: Int
  let scale: Double
  /// Start and end of the part of the input that is shown, 0 the first and 1 the last pixel.
  let region: (start: Double, end: Double)
  let settings: Resize

  /// The elements of the input that make one of the result: neighbors, from the first on.
  struct Taps {
    var start: Int
    var weights: [Double]
  }

  /// The place in the input; nil where nothing is seen.
  func position(_ i: Int) -> Double? {
    let (i, last) = (Double(i), Double(input - 1))
    let resized = scale * Double(input)
    switch settings.coordinates {
    case .halfPixel: return (i + 0.5) / scale - 0.5
    case .asymmetric: return i / scale
    case .tfHalfPixel: return (i + 0.5) / scale
    case .pytorchHalfPixel: return output > 1 ? (i + 0.5) / scale - 0.5 : 0
    case .alignCorners: return resized == 1 ? 0 : i * last / (resized - 1)
    case .halfPixelSymmetric:
      let offset = Double(input) / 2 * (1 - Double(output) / resized)
      return offset + (i + 0.5) / scale - 0.5
    case .region:
      let extent = (region.end - region.start) * last
      let place = region.start * last + (resized == 1 ? extent / 2 : i * extent / (resized - 1))
      return place < 0 || place > last ? nil : place
    }
  }

  /// The nearest pixel of each result; nil where nothing is seen.
  var nearest: [Int?] {
    (0..<output).map { i in
      guard let place = position(i) else { return nil }
      let rounded =
        switch settings.rounding {
        case .halfDown: (place - 0.5).rounded(.up)
        case .halfUp: (place + 0.5).rounded(.down)
        case .floor: place.rounded(.down)
        case .ceil: place.rounded(.up)
        }
      return Int(min(max(rounded, 0), Double(input - 1)))
    }
  }

  /// The weighted neighbors of each result, as many for each; nil where nothing is seen.
  var taps: [Taps?] {
    let single = (0..<output).map { i in position(i).map(tapsAround) }
    let count = single.reduce(1) { max($0, $1?.weights.count ?? 0) }
    return single.map { taps in
      guard var taps else { return nil }
      let start = min(taps.start, input - count)
      let before = [Double](repeating: 0, count: taps.start - start)
      let after = [Double](repeating: 0, count: count - before.count - taps.weights.count)
      (taps.start, taps.weights) = (start, before + taps.weights + after)
      return taps
    }
  }

  /// Neighbors by their distance; those beyond an edge add to that of the edge, or do not count.
  private func tapsAround(_ place: Double) -> Taps {
    let shrinking = settings.antialias ? min(scale, 1) : 1
    let radius = (settings.mode == .cubic ? 2 : 1) / shrinking
    let last = Double(input - 1)
    // Far beyond the edge there is nothing but the edge.
    let (first, end) = (max((place - radius).rounded(.up), -radius - 1), min((place + radius).rounded(.down), last + radius + 1))
    if first > end { return Taps(start: place < 0 ? 0 : input - 1, weights: [1]) }
    let low = Int(min(max(first, 0), last))
    var weights = [Double](repeating: 0, count: Int(min(max(end, 0), last)) - low + 1)
    var total = 0.0
    for neighbor in Int(first)...Int(end) {
      if settings.excludeOutside, neighbor < 0 || neighbor >= input { continue }
      let weight = self.weight(abs(Double(neighbor) - place) * shrinking)
      weights[min(max(neighbor, 0), input - 1) - low] += weight
      total += weight
    }
    let needsSum = settings.antialias || settings.excludeOutside
    return Taps(start: low, weights: needsSum && total != 0 ? weights.map { $0 / total } : weights)
  }

  /// The interpolation kernel: a hat, or the cubic of Keys 1981.
  private func weight(_ distance: Double) -> Double {
    if settings.mode == .linear { return max(0, 1 - distance) }
    let (a, d) = (settings.coefficient, distance)
    if d <= 1 { return ((a + 2) * d - (a + 3)) * d * d + 1 }
    return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0
  }
}
