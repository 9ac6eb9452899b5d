import LoopIR

/// Pools regions of an image into a fixed number of bins, without rounding: every bin is sampled at a grid of points,
/// between whose neighbors the image is linear. A region is `(x1, y1, x2, y2)` in pixels of the original image.
struct RoiAlign: PrimitiveOp {
  static let name = "roi_align"
  static let summary = "mean or maximum of samples in each bin of each region of x (He et al. 2017)"
  static let operands = [Operand("x"), Operand("regions"), Operand("images")]
  static let fields: [Field<Self>] = [
    .field("height", \.height, "rows of bins", onnx: "output_height"),
    .field("width", \.width, "columns of bins", onnx: "output_width"),
    .field("samples", \.samples, "sampled rows and columns of each bin", onnx: "sampling_ratio"),
    .field("scale", \.scale, "from the regions' pixels to those of x", onnx: "spatial_scale"),
    .field("half_pixel", \.halfPixel, "pixels have their centers at half positions; otherwise regions are 1 or more"),
    .field("mode", \.mode, "\"mean\", or \"max\" of the samples' weighted neighbors"),
  ]
  static let onnx: [ONNXRule] = [ONNXRule("RoiAlign", readONNX)]
  static let examples = [
    "roi_align(f32[2, 1, 4, 5], f32[3, 4], i64[3], height: 2, width: 2)",
    "roi_align(f32[1, 2, 4, 5], f32[1, 4], i32[1], samples: 1, scale: 0.5, half_pixel: false, mode: \"max\")",
  ]

  enum Mode: String, WordAttribute { case mean, max }
  var height = 1
  var width = 1
  var samples = 2
  var scale = 1.0
  var halfPixel = true
  var mode = Mode.mean

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let (x, regions, images) = (operands[0], operands[1], operands[2])
    let plane = try Self.requireSpatial(x, axes: 2...2)
    _ = try Self.requireSame([x, regions], in: .floating)
    try Self.require(.integer, images, operand: 2)
    guard plane.allSatisfy({ $0 >= 1 }) else { throw OpError("\(x) has no pixels to sample", at: .operand(0)) }
    guard regions.rank == 2, regions.shape[1] == 4 else {
      throw OpError("expected regions [count, 4], found \(regions)", at: .operand(1))
    }
    try Self.requireShape(images, [regions.shape[0]], operand: 2, for: "regions \(regions)")
    for (name, number) in [("height", height), ("width", width), ("samples", samples)] {
      guard (1...Window.attributeLimit).contains(number) else {
        throw OpError("'\(name)' must be at least 1, found \(number)", at: .field(name))
      }
    }
    try Self.requireFinite(scale, field: "scale")
    return [TensorType(x.element, [regions.shape[0], x.shape[1], height, width])]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let (x, regions, images) = (operands[0], operands[1], operands[2])
    let axes = Equation.axes(["r", "c", "i", "j"], results[0].shape)
    let (p, q) = (Axis("p", samples), Axis("q", samples))
    let row = place(regions, axes[0], 1, axes[2], p)
    let column = place(regions, axes[0], 0, axes[3], q)
    let leading = [Index.value(images[[axes[0]]]), axes[1].index]
    let corners = weightedCorners(x, leading, [row, column])
    let isSeen = Scalar.binary(.and, isNear(row, x.shape[2]), isNear(column, x.shape[3]))
    let value: Scalar
    switch mode {
    case .mean:
      let sum = corners[0] + corners[1] + corners[2] + corners[3]
      value = reduce(.sum, [p, q], select(isSeen, sum, 0)) / .constant(Double(samples * samples))
    case .max:
      let largest = LoopIR.max(LoopIR.max(corners[0], corners[1]), LoopIR.max(corners[2], corners[3]))
      value = reduce(.maximum, [p, q], select(isSeen, largest, 0))
    }
    return [Equation(results[0], axes, value)]
  }

  /// The place of a sample along an axis; `side` is the column of the region's start.
  private func place(_ regions: Tensor, _ region: Axis, _ side: Int, _ bin: Axis, _ sample: Axis) -> Scalar {
    let offset = Scalar.constant(halfPixel ? 0.5 : 0)
    let start = regions[[region.index, .constant(side)]] * .constant(scale) - offset
    let end = regions[[region.index, .constant(side + 2)]] * .constant(scale) - offset
    let extent = halfPixel ? end - start : LoopIR.max(end - start, 1)
    let step = extent / .constant(Double(bin.extent))
    let within = (Scalar.index(sample.index) + 0.5) / .constant(Double(samples))
    return start + (.index(bin.index) + within) * step
  }

  private func isNear(_ place: Scalar, _ extent: Int) -> Scalar {
    .binary(.and, .constant(-1) .<= place, place .<= .constant(Double(extent)))
  }

  /// The four neighbors of a place, each times its weight.
  private func weightedCorners(_ x: Tensor, _ leading: [Index], _ places: [Scalar]) -> [Scalar] {
    let inside = zip(places, x.shape[2...]).map { place, extent in
      LoopIR.max(LoopIR.min(place, .constant(Double(extent - 1))), 0)
    }
    let lows = inside.map { Scalar.unary(.floor, $0) }
    let rests = zip(inside, lows).map { $0 - $1 }
    return [(0, 0), (0, 1), (1, 0), (1, 1)].map { steps in
      let weights = zip(rests, [steps.0, steps.1]).map { rest, step in step == 0 ? 1 - rest : rest }
      let corner = zip(lows, [steps.0, steps.1]).map { Index.value($0 + .constant(Double($1))) }
      return weights[0] * weights[1] * x[leading + corner, outside: 0]
    }
  }

  private static func readONNX(_ call: ONNXCall) throws -> [Value?] {
    var op = Self()
    op.samples = 0
    try op.adoptAttributes(of: call)
    guard op.samples > 0 else {
      throw call.unsupported("as many samples as a region has pixels ('sampling_ratio' 0)")
    }
    switch try call.string("mode", default: "avg") {
    case "avg": op.mode = .mean
    case "max": op.mode = .max
    case let other: throw OpError("attribute 'mode' is '\(other)', which is not a way to pool")
    }
    let isOld = call.opset < 16
    switch isOld
      ? "output_half_pixel" : try call.string("coordinate_transformation_mode", default: "half_pixel")
    {
    case "half_pixel": op.halfPixel = true
    case "output_half_pixel": op.halfPixel = false
    case let other: throw OpError("attribute 'coordinate_transformation_mode' is '\(other)', which is not one")
    }
    return [try call.apply(op, try call.input(0), try call.input(1), try call.input(2))]
  }
}

extension RoiAlign {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    call.finish(
      "RoiAlign", call.operands(longAt: 2), list: onnxAttributes + [
        ("mode", .string(mode == .mean ? "avg" : "max")),
        ("coordinate_transformation_mode", .string(halfPixel ? "half_pixel" : "output_half_pixel")),
      ])
    return true
  }
}
