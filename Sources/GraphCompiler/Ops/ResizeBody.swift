import LoopIR

extension Resize {
  func expand(_ b: inout GraphBuilder, _ operands: [Value]) throws(OpError) -> [Value] {
    var y = try enlarged(&b, operands[0])
    // Axes that shrink first: less is left to do.
    let order = axes.indices.sorted { (scale[$0], -axes[$0]) < (scale[$1], -axes[$1]) }
    for place in order {
      let steps = axis(place, b.shape(of: operands[0]))
      if b.shape(of: y)[axes[place]] != steps.input || steps.isIdentity { continue }
      y = try mode == .nearest ? pick(&b, y, steps, axes[place]) : interpolate(&b, y, steps, axes[place])
    }
    return [y]
  }

  private func axis(_ place: Int, _ shape: [Int]) -> ResizeAxis {
    let bounds = region.isEmpty ? (0, 1) : (region[place], region[place + axes.count])
    return ResizeAxis(
      input: shape[axes[place]], output: size[place], scale: scale[place], region: bounds, settings: self)
  }

  /// Spatial axes that grow by whole factors. Interpolation is one pass for each axis, the last axis first: the costly
  /// step, in which neighbors are side by side, then sees the fewest rows.
  private func enlarged(_ b: inout GraphBuilder, _ x: Value) throws(OpError) -> Value {
    let shape = b.shape(of: x)
    guard shape.count >= 3, mode != .cubic else { return x }
    var factors = [Int](repeating: 1, count: shape.count - 2)
    for place in axes.indices where axes[place] >= 2 {
      factors[axes[place] - 2] = axis(place, shape).wholeFactor ?? 1
    }
    if factors.allSatisfy({ $0 == 1 }) { return x }
    var upsample = Upsample()
    if mode == .nearest {
      upsample.scale = factors
      return try b.apply(upsample, x)
    }
    upsample.mode = .linear
    var y = x
    for place in factors.indices.reversed() where factors[place] > 1 {
      upsample.scale = factors.indices.map { $0 == place ? factors[place] : 1 }
      y = try b.apply(upsample, y)
    }
    return y
  }

  /// The nearest elements: every so many-th one, or by a table.
  private func pick(
    _ b: inout GraphBuilder, _ x: Value, _ steps: ResizeAxis, _ axis: Int
  ) throws(OpError) -> Value {
    let places = steps.nearest
    if outside != 0, places.contains(nil) {
      return try resample(&b, x, places.map { $0.map { .init(start: $0, weights: [1]) } }, axis)
    }
    if let slice = Self.slice(places, axis) { return try b.apply(slice, x) }
    // An index behind the end yields 0.
    let indices = places.map { Int64($0 ?? steps.input) }
    var gather = Gather()
    gather.axis = axis
    let table = b.constant(TensorData(TensorType(.i64, [indices.count]), .integers(indices)))
    return try b.apply(gather, x, table)
  }

  private static func slice(_ places: [Int?], _ axis: Int) -> Slice? {
    guard places.count > 1, let first = places[0], let second = places[1], second > first else { return nil }
    let step = second - first
    guard places.enumerated().allSatisfy({ $1 == first + $0 * step }) else { return nil }
    var slice = Slice()
    (slice.starts, slice.axes, slice.steps) = ([first], [axis], [step])
    slice.ends = [first + (places.count - 1) * step + 1]
    return slice
  }

  private func interpolate(
    _ b: inout GraphBuilder, _ x: Value, _ steps: ResizeAxis, _ axis: Int
  ) throws(OpError) -> Value {
    try resample(&b, x, steps.taps, axis)
  }

  /// A start behind the end makes every tap see what is outside.
  private func resample(
    _ b: inout GraphBuilder, _ x: Value, _ taps: [ResizeAxis.Taps?], _ axis: Int
  ) throws(OpError) -> Value {
    let (element, behind) = (b.type(of: x).element, b.shape(of: x)[axis])
    let count = taps.reduce(1) { max($0, $1?.weights.count ?? 0) }
    let starts = taps.map { Int64($0?.start ?? behind) }
    let only = [1] + [Double](repeating: 0, count: count - 1)
    let columns = taps.map { $0?.weights ?? only }
    let weights = (0..<count).flatMap { tap in columns.map { $0[tap] } }
    return try b.apply(
      Resample(axis: axis, outside: outside), x,
      b.constant(TensorData(TensorType(.i32, [taps.count]), .integers(starts))),
      b.constant(TensorData(TensorType(element, [count, taps.count]), doubles: weights)))
  }
}

extension ResizeAxis {
  var isIdentity: Bool { input == output && scale == 1 && settings.coordinates != .region && settings.coordinates != .tfHalfPixel }

  /// The factor by which `upsample` does the same.
  var wholeFactor: Int? {
    guard input >= 1, output > input, output.isMultiple(of: input), scale == Double(output / input) else { return nil }
    let factor = output / input
    if settings.mode == .nearest {
      return nearest.enumerated().allSatisfy { $1 == $0 / factor } ? factor : nil
    }
    let isPlain = settings.coordinates == .halfPixel || settings.coordinates == .pytorchHalfPixel
    return isPlain && !settings.excludeOutside && settings.mode == .linear ? factor : nil
  }
}
