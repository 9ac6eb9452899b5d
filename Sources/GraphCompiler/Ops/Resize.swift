import LoopIR

/// Resizes axes, one after the other. Which pixels meet which is worked out at compile time.
struct Resize: CompositeOp {
  static let name = "resize"
  static let summary = "axes scaled by factors or to a size: nearest, linear or cubic interpolation (Keys 1981)"
  static let operands = [Operand("x")]
  static let fields: [Field<Self>] = [
    .field("scale", \.scale, "factors, one number or one for each axis; the result's extents round down"),
    .field("size", \.size, "the result's extents along the axes; none given: by the factors"),
    .field("axes", \.axes, "the axes; none given: the spatial ones"),
    .field("mode", \.mode, "\"nearest\", \"linear\" or \"cubic\"", onnx: nil),
    .field(
      "coordinates", \.coordinates,
      "where pixels lie: \"half_pixel\", \"asymmetric\", \"align_corners\", \"region\" and others"),
    .field("rounding", \.rounding, "of \"nearest\": \"half_down\", \"half_up\", \"floor\" or \"ceil\""),
    .field("coefficient", \.coefficient, "the a of the cubic", onnx: "cubic_coeff_a"),
    .field("exclude_outside", \.excludeOutside, "what lies beyond the edge has no weight", onnx: "exclude_outside"),
    .field("antialias", \.antialias, "the kernel widens where the axis shrinks", onnx: "antialias"),
    .field("region", \.region, "the part shown by coordinates: \"region\", starts then ends, 1 the last pixel"),
    .field("outside", \.outside, "what a region shows beyond the edge", onnx: "extrapolation_value"),
  ]
  static let onnx: [ONNXRule] = [ONNXRule("Resize", readONNX), ONNXRule("Upsample", readUpsample)]
  static let examples = [
    "resize(f32[1, 2, 3, 4], scale: 2)", "resize(f32[1, 2, 3, 4], scale: [2, 3], mode: \"linear\")",
    "resize(f32[1, 2, 6, 4], size: [2, 7], mode: \"cubic\", coefficient: -0.5, exclude_outside: true)",
    "resize(f32[2, 9], axes: 1, scale: 0.5, mode: \"linear\", antialias: true)",
    "resize(i32[1, 1, 4], size: 6, coordinates: \"align_corners\", rounding: \"ceil\")",
    "resize(f32[1, 1, 5], size: 4, mode: \"linear\", coordinates: \"region\", region: [-0.25, 0.5], outside: 9)",
  ]

  enum Mode: String, WordAttribute { case nearest, linear, cubic }

  /// With `i` a position of the result, `s` the factor and `n` an extent.
  enum Coordinates: String, WordAttribute {
    /// `(i + ½) / s - ½`
    case halfPixel = "half_pixel"
    /// `i / s`
    case asymmetric
    /// `i (n - 1) / (n s - 1)`
    case alignCorners = "align_corners"
    /// As half pixels, but with the middles of input and result at the same place.
    case halfPixelSymmetric = "half_pixel_symmetric"
    /// As half pixels, but the first pixel where the result has one.
    case pytorchHalfPixel = "pytorch_half_pixel"
    /// `(i + ½) / s`
    case tfHalfPixel = "tf_half_pixel"
    /// The corners of a region of the input, and of the result, are at the same place.
    case region
  }

  enum Rounding: String, WordAttribute {
    case halfDown = "half_down"
    case halfUp = "half_up"
    case floor, ceil
  }

  var scale: [Double] = []
  var size: [Int] = []
  var axes: [Int] = []
  var mode = Mode.nearest
  var coordinates = Coordinates.halfPixel
  var rounding = Rounding.halfDown
  var coefficient = -0.75
  var excludeOutside = false
  var antialias = false
  var region: [Double] = []
  var outside = 0.0

  mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    let x = operands[0]
    if axes.isEmpty {
      guard x.rank >= 3 else {
        throw OpError("'resize' takes [N, C, spatial…], found \(x)", at: .operand(0), help: "or give 'axes'")
      }
      axes = Array(2..<x.rank)
    }
    let distinct = try AxisAttribute.resolve(axes, rank: x.rank)
    axes = try axes.map { axis throws(OpError) in try AxisAttribute.resolve(axis, rank: x.rank, field: "axes") }
    guard !scale.isEmpty || !size.isEmpty else {
      throw OpError("'scale' is missing", at: .field("scale"), help: "give it, as in 'resize(scale: 2)', or 'size'")
    }
    if scale.count == 1 { scale = [Double](repeating: scale[0], count: distinct.count) }
    guard scale.isEmpty || scale.count == axes.count, size.isEmpty || size.count == axes.count else {
      throw OpError("'resize' of \(axes.count) axes has \(max(scale.count, size.count)) numbers", at: .field("scale"))
    }
    try fillIn(axes.map { x.shape[$0] })
  }

  /// Extents from factors, or factors from extents. A factor that makes a whole extent only up to the rounding of
  /// single precision is taken for the one that does.
  private mutating func fillIn(_ input: [Int]) throws(OpError) {
    let isSizeGiven = !size.isEmpty
    if scale.isEmpty { scale = zip(size, input).map { Double($0) / Double(max(1, $1)) } }
    for (place, factor) in scale.enumerated() {
      let exact = factor * Double(input[place]) * (1 + 0x1p-22)
      guard factor.isFinite, factor > 0, exact < Double(Window.attributeLimit) else {
        throw OpError("'scale' must be above 0 and at most \(Window.attributeLimit), found \(factor)", at: .field("scale"))
      }
      if !isSizeGiven { size.append(Int(exact)) }
      let ratio = Double(size[place]) / Double(max(1, input[place]))
      if abs(factor - ratio) <= factor * 0x1p-22 { scale[place] = ratio }
    }
  }

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let x = operands[0]
    let hasOutside = coordinates == .region && outside != 0
    if mode != .nearest || hasOutside { try Self.requireFloat(x) }
    guard mode != .nearest || !antialias else {
      throw OpError("mode: \"nearest\" has no antialias", at: .field("antialias"), help: "use mode: \"linear\"")
    }
    guard coordinates != .region || region.count == 2 * axes.count, region.allSatisfy(\.isFinite) else {
      throw OpError(
        "expected the starts and ends of \(axes.count) axes as 'region', found \(region)", at: .field("region"))
    }
    try Self.requireFinite(coefficient, field: "coefficient")
    try Self.requireFinite(outside, field: "outside")
    var y = x
    for (axis, extent) in zip(axes, size) {
      guard (0...Window.attributeLimit).contains(extent), extent == 0 || x.shape[axis] >= 1 else {
        throw OpError("axis \(axis) of \(x) does not become \(extent) elements", at: .field("size"))
      }
      y.shape[axis] = extent
    }
    return [y]
  }
}
