import LoopIR

/// Enlarges the spatial axes of `[N, C, spatial…]` by whole factors `s`. With pixel centers at half positions, result
/// pixel `i` lies at `(2i + 1 - s) / 2s` of the input: its whole part names the pixel before, the rest weighs the next.
struct Upsample: PrimitiveOp {
  static let name = "upsample"
  static let summary = "spatial axes times whole factors: the nearest pixel, or linear between pixel centers"
  static let operands = [Operand("x")]
  static let fields: [Field<Self>] = [
    .field("scale", \.scale, "factors, one number or one per spatial axis"),
    .field("mode", \.mode, "\"nearest\" or \"linear\" (bilinear, trilinear)"),
  ]
  static let examples = [
    "upsample(f32[1, 2, 3, 4], scale: 2)", "upsample(f32[1, 2, 3, 4], scale: [2, 3], mode: \"linear\")",
    "upsample(f32[1, 2, 5], scale: 3)",
  ]

  enum Mode: String, WordAttribute { case nearest, linear }
  var scale = [1]
  var mode = Mode.nearest

  mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    let x = operands[0]
    guard x.rank >= 3 else { throw OpError("'upsample' takes [N, C, spatial…], found \(x)", at: .operand(0)) }
    scale = try Window.spread(scale, x.rank - 2, "scale", atLeast: 1)
  }

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    var y = operands[0]
    if mode == .linear { try Self.requireFloat(y) }
    for (place, factor) in scale.enumerated() {
      let (extent, overflow) = y.shape[place + 2].multipliedReportingOverflow(by: factor)
      guard !overflow else { throw OpError("\(y) times \(scale) is too large", at: .field("scale")) }
      y.shape[place + 2] = extent
    }
    return [y]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let axes = Equation.axes(of: results[0])
    let leading = axes[..<2].map(\.index)
    let value = mode == .nearest ? nearest(operands[0], leading, axes) : linear(operands[0], leading, axes)
    return [Equation(results[0], axes, value)]
  }

  private func nearest(_ x: Tensor, _ leading: [Index], _ axes: [Axis]) -> Scalar {
    x[leading + zip(axes[2...], scale).map { $0.index.dividedRoundingDown(by: $1) }]
  }

  /// Interpolates along one axis after the other; positions beyond the edge are those of the edge.
  private func linear(_ x: Tensor, _ positions: [Index], _ axes: [Axis]) -> Scalar {
    let axis = positions.count
    guard axis < axes.count else { return x[positions] }
    let factor = scale[axis - 2]
    if factor == 1 { return linear(x, positions + [axes[axis].index], axes) }
    let doubled = axes[axis] * 2 + 1 - factor
    let before = doubled.dividedRoundingDown(by: 2 * factor)
    let weight = Scalar.index(doubled.remainder(dividingBy: 2 * factor)) / .constant(Double(2 * factor))
    let last = max(0, x.shape[axis] - 1)
    let left = linear(x, positions + [before.clamped(to: 0...last)], axes)
    let right = linear(x, positions + [(before + 1).clamped(to: 0...last)], axes)
    return left + (right - left) * weight
  }
}

extension Upsample {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    let factors = TensorData(TensorType(.f32, [scale.count + 2]), doubles: [1, 1] + scale.map(Double.init))
    let isNearest = mode == .nearest
    call.finish(
      "Resize", [call.operands[0], nil, call.constant(factors)],
      [
        "mode": .string(mode.rawValue), "nearest_mode": .string("floor"),
        "coordinate_transformation_mode": .string(isNearest ? "asymmetric" : "half_pixel"),
      ])
    return true
  }
}
