import LoopIR

/// Samples an image at the places that a grid gives, `[N, spatial…, axes]` with the last axis of the image first. Along
/// each axis, -1 is its start and 1 its end: the outer edges of the first and last pixels, or their centers.
struct GridSample: PrimitiveOp {
  static let name = "grid_sample"
  static let summary = "y[n,c,i,j] = x[n, c, grid[n,i,j,1], grid[n,i,j,0]], interpolated (Jaderberg et al. 2015)"
  static let operands = [Operand("x"), Operand("grid")]
  static let fields: [Field<Self>] = [
    .field("mode", \.mode, "\"nearest\", \"linear\" or \"cubic\""),
    .field("padding", \.padding, "what lies outside: \"zeros\", \"border\" or \"reflection\"", onnx: "padding_mode"),
    .field("align_corners", \.alignCorners, "-1 and 1 are the centers of the corner pixels", onnx: "align_corners"),
  ]
  static let onnx: [ONNXRule] = [
    reads("GridSample") { op, call in
      switch try call.string("mode", default: "linear") {
      case "linear", "bilinear": op.mode = .linear
      case "cubic", "bicubic": op.mode = .cubic
      case "nearest": op.mode = .nearest
      case let other: throw OpError("attribute 'mode' is '\(other)', which is not an interpolation")
      }
    }
  ]
  static let examples = [
    "grid_sample(f32[1, 2, 3, 4], f32[1, 2, 2, 2])",
    "grid_sample(f32[2, 1, 3, 4], f32[2, 3, 2, 2], mode: \"cubic\", padding: \"border\")",
    "grid_sample(f32[1, 1, 3, 2], f32[1, 2, 3, 2], padding: \"reflection\", align_corners: true)",
    "grid_sample(f32[1, 1, 2, 3, 2], f32[1, 2, 2, 1, 3], mode: \"nearest\")",
  ]

  enum Mode: String, WordAttribute { case nearest, linear, cubic }
  enum Padding: String, WordAttribute { case zeros, border, reflection }
  var mode = Mode.linear
  var padding = Padding.zeros
  var alignCorners = false

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let (x, grid) = (operands[0], operands[1])
    _ = try Self.requireSame(operands, in: .floating)
    let input = try Self.requireSpatial(x)
    guard grid.rank == x.rank, grid.shape[0] == x.shape[0], grid.shape[grid.rank - 1] == input.count else {
      throw OpError(
        "expected grid [\(x.shape[0]), spatial…, \(input.count)] for input \(x), found \(grid)", at: .operand(1))
    }
    guard input.allSatisfy({ $0 >= 1 }) else { throw OpError("\(x) has no pixels to sample", at: .operand(0)) }
    return [TensorType(x.element, Array(x.shape[..<2]) + Array(grid.shape[1..<grid.rank - 1]))]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let (x, grid) = (operands[0], operands[1])
    let axes = Equation.axes(["n", "c"], results[0].shape) + Window.spatialAxes(Array(results[0].shape[2...]))
    let extents = Array(x.shape[2...])
    let places = extents.indices.map { axis in
      let coordinate = grid[[axes[0].index] + axes[2...].map(\.index) + [.constant(extents.count - 1 - axis)]]
      return inside(place(coordinate, extents[axis]), extents[axis])
    }
    let leading = axes[..<2].map(\.index)
    if mode == .nearest {
      return [Equation(results[0], axes, pixel(x, leading, places))]
    }
    let taps = Window.kernelAxes(extents.map { _ in mode == .linear ? 2 : 4 })
    let neighbors = zip(places, taps).map { place, tap in
      Scalar.unary(.floor, place) + .index(mode == .linear ? tap.index : tap - 1)
    }
    let weights = zip(places, neighbors).map { weight(abs($0 - $1)) }
    let value = weights.reduce(pixel(x, leading, neighbors)) { $1 * $0 }
    return [Equation(results[0], axes, reduce(.sum, taps, value))]
  }

  /// The place along an axis in pixels.
  private func place(_ coordinate: Scalar, _ extent: Int) -> Scalar {
    let half = Scalar.constant(Double(alignCorners ? extent - 1 : extent) / 2)
    let scaled = (coordinate + 1) * half
    let place = alignCorners ? scaled : scaled - 0.5
    return mode == .nearest ? .unary(.round, place) : place
  }

  private func borders(_ extent: Int) -> (low: Double, high: Double) {
    alignCorners ? (0, Double(extent - 1)) : (-0.5, Double(extent) - 0.5)
  }

  /// Brings a place beyond the borders back.
  private func inside(_ place: Scalar, _ extent: Int) -> Scalar {
    let (low, high) = borders(extent)
    switch padding {
    case .zeros: return place
    case .border:
      let isOutside = Scalar.binary(.or, place .< .constant(low), .constant(high) .< place)
      return select(isOutside, clamped(place, extent), place)
    case .reflection: return reflected(place, low, high)
    }
  }

  private func clamped(_ place: Scalar, _ extent: Int) -> Scalar {
    max(min(place, .constant(Double(extent - 1))), 0)
  }

  /// A saw of period twice the range, folded.
  private func reflected(_ place: Scalar, _ low: Double, _ high: Double) -> Scalar {
    let range = high - low
    if range == 0 { return .constant(low) }
    let (distance, period) = (place - .constant(low), Scalar.constant(2 * range))
    let rest = distance - .unary(.floor, distance / period) * period
    return .constant(low) + select(.constant(range) .< rest, .constant(2 * range) - rest, rest)
  }

  /// The pixel at whole places, each of which may lie outside.
  private func pixel(_ x: Tensor, _ leading: [Index], _ places: [Scalar]) -> Scalar {
    let indices = zip(places, x.shape[2...]).map { place, extent in
      let (low, high) = borders(extent)
      switch padding {
      case .zeros: return Index.value(place)
      case .border: return Index.value(clamped(place, extent))
      case .reflection: return Index.value(clamped(reflected(place, low, high), extent))
      }
    }
    return x[leading + indices, outside: 0]
  }

  /// A hat, or the cubic of Keys 1981 with a = -3/4.
  private func weight(_ distance: Scalar) -> Scalar {
    if mode == .linear { return 1 - distance }
    let d = distance
    let near = (1.25 * d - 2.25) * d * d + 1
    let far = ((-0.75 * d + 3.75) * d - 6) * d + 3
    return select(d .<= 1, near, far)
  }
}

extension GridSample {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    let isFlat = call.types[0].rank == 4
    let old = ["linear": "bilinear", "cubic": "bicubic"]
    let word = isFlat ? old[mode.rawValue] ?? mode.rawValue : mode.rawValue
    call.finish("GridSample", list: onnxAttributes + [("mode", .string(word))], since: isFlat ? 16 : 20)
    return true
  }
}
