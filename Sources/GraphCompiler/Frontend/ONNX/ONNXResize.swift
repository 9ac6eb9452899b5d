import LoopIR

extension Resize {
  /// Operator set 10 has the scales as input 1, newer ones regions, scales and sizes as inputs 1, 2 and 3.
  static func readONNX(_ call: ONNXCall) throws -> [Value?] {
    let x = try call.input(0)
    var op = Self()
    try op.adoptAttributes(of: call)
    op.axes = try call.attributeInts("axes") ?? Array(0..<call.rank(x))
    op.mode = try mode(call)
    if call.opset < 11 {
      (op.coordinates, op.rounding) = (.asymmetric, .floor)
      op.scale = try numbers(1, "scales", call)
    } else {
      try op.adoptCoordinates(of: call)
      op.scale = try numbers(2, "scales", call)
      op.size = try call.shapeInts(3, "sizes") ?? []
    }
    guard op.scale.isEmpty != op.size.isEmpty else { throw OpError("expected either 'scales' or 'sizes'") }
    if !op.size.isEmpty { try op.keepRatio(call) }
    return [try call.apply(op.withoutUntouchedAxes(call.shape(x)), x)]
  }

  static func readUpsample(_ call: ONNXCall) throws -> [Value?] {
    let x = try call.input(0)
    var op = Self()
    op.mode = try mode(call)
    (op.coordinates, op.rounding) = (.asymmetric, .floor)
    op.axes = Array(0..<call.rank(x))
    switch call.opset {
    case ..<7:
      op.axes = [2, 3]
      op.scale = [try call.float("height_scale", default: 1), try call.float("width_scale", default: 1)]
    case ..<9: op.scale = try call.floats("scales") ?? []
    default: op.scale = try numbers(1, "scales", call)
    }
    return [try call.apply(op.withoutUntouchedAxes(call.shape(x)), x)]
  }

  private static func mode(_ call: ONNXCall) throws(OpError) -> Mode {
    switch try call.string("mode", default: "nearest") {
    case "nearest": .nearest
    case "linear", "bilinear": .linear
    case "cubic": .cubic
    case let other: throw OpError("attribute 'mode' is '\(other)', which is not an interpolation")
    }
  }

  private static func numbers(_ place: Int, _ name: String, _ call: ONNXCall) throws(OpError) -> [Double] {
    try call.shapeData(place, name)?.doubles ?? []
  }

  private mutating func adoptCoordinates(of call: ONNXCall) throws(OpError) {
    let word = try call.string("coordinate_transformation_mode", default: "half_pixel")
    switch word {
    case "tf_half_pixel_for_nn": coordinates = .tfHalfPixel
    case "tf_crop_and_resize":
      coordinates = .region
      region = try Self.numbers(1, "roi", call)
    default:
      guard let named = Coordinates(rawValue: word), named != .region else {
        throw OpError("attribute 'coordinate_transformation_mode' is '\(word)', which is not one")
      }
      coordinates = named
    }
    switch try call.string("nearest_mode", default: "round_prefer_floor") {
    case "round_prefer_floor": rounding = .halfDown
    case "round_prefer_ceil": rounding = .halfUp
    case "floor": rounding = .floor
    case "ceil": rounding = .ceil
    case let other: throw OpError("attribute 'nearest_mode' is '\(other)', which is not a way to round")
    }
  }

  /// Sizes that bound the result, instead of being it: one factor for all axes.
  private mutating func keepRatio(_ call: ONNXCall) throws(OpError) {
    let policy = try call.string("keep_aspect_ratio_policy", default: "stretch")
    if policy == "stretch" { return }
    let shape = call.shape(try call.input(0))
    guard size.count == axes.count, axes.allSatisfy({ -shape.count..<shape.count ~= $0 }) else {
      throw OpError("expected as many 'sizes' as axes, found \(size)")
    }
    let input = axes.map { Double(shape[$0 < 0 ? $0 + shape.count : $0]) }
    let ratios = zip(size, input).map { Double($0) / $1 }
    guard let ratio = policy == "not_larger" ? ratios.min() : ratios.max(), ratio.isFinite else {
      throw OpError("'sizes' \(size) have no ratio to \(shape)")
    }
    guard ["not_larger", "not_smaller"].contains(policy) else {
      throw OpError("attribute 'keep_aspect_ratio_policy' is '\(policy)', which is not one")
    }
    scale = [Double](repeating: ratio, count: axes.count)
    size = input.map { Int(min($0 * ratio + 0.5, Double(Window.attributeLimit))) }
  }

  /// Axes that keep what they have need not be named.
  private func withoutUntouchedAxes(_ shape: [Int]) -> Self {
    guard coordinates != .region, coordinates != .tfHalfPixel, axes.count > 1,
      scale.isEmpty || scale.count == axes.count, size.isEmpty || size.count == axes.count,
      axes.allSatisfy({ -shape.count..<shape.count ~= $0 })
    else { return self }
    var places = axes.indices.filter { place in
      let extent = shape[axes[place] < 0 ? axes[place] + shape.count : axes[place]]
      return !(scale.isEmpty || scale[place] == 1) || !(size.isEmpty || size[place] == extent)
    }
    if places.isEmpty { places = [axes.count - 1] }
    var op = self
    op.axes = places.map { axes[$0] }
    if !scale.isEmpty { op.scale = places.map { scale[$0] } }
    if !size.isEmpty { op.size = places.map { size[$0] } }
    return op
  }
}

extension Resize {
  /// Sizes where they say all, else factors; not where the two contradict, as sizes that kept a ratio do.
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    let input = axes.map { Double(call.types[0].shape[$0]) }
    let scales: [Double] = zip(size, input).map { Double($0) / max(1, $1) }
    let sizes: [Int] = zip(scale, input).map { Int(Double(Float($0)) * $1) }
    let isBySize = zip(scale, scales).allSatisfy { $0 == $1 }
    let isByScale = zip(size, sizes).allSatisfy { $0 == $1 }
    guard isBySize || isByScale else { return false }
    func numbers(_ values: [Double]) -> String {
      call.constant(TensorData(TensorType(.f32, [values.count]), doubles: values))
    }
    call.finish(
      "Resize",
      [
        call.operands[0], coordinates == .region ? numbers(region) : nil, isBySize ? nil : numbers(scale),
        isBySize ? call.ints(size) : nil,
      ], list: onnxAttributes + wordsForONNX)
    return true
  }

  private var wordsForONNX: [(String, Attribute)] {
    let kind =
      switch coordinates {
      case .tfHalfPixel: "tf_half_pixel_for_nn"
      case .region: "tf_crop_and_resize"
      case .halfPixel, .asymmetric, .alignCorners, .halfPixelSymmetric, .pytorchHalfPixel: coordinates.rawValue
      }
    let nearest =
      switch rounding {
      case .halfDown: "round_prefer_floor"
      case .halfUp: "round_prefer_ceil"
      case .floor: "floor"
      case .ceil: "ceil"
      }
    return [
      ("axes", axes.attribute), ("mode", .string(mode.rawValue)), ("nearest_mode", .string(nearest)),
      ("coordinate_transformation_mode", .string(kind)),
    ]
  }
}
