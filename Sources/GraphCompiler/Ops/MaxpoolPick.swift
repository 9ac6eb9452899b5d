import LoopIR

/// The pixel of every window that a given tap meets: `maxpool` once its taps are known. Its gradient
/// is that of `maxpool` with ties going to the first maximum.
struct MaxpoolPick: PrimitiveOp, DilatedPoolOp {
  static let name = "maxpool_pick"
  static let summary = "y[n,c,i,j] = the pixel that the tap with the number taps[n,c,i,j] of the window meets"
  static let operands = [Operand("x"), Operand("taps")]
  static let fields = dilatedWindowFields
  static let examples = [
    "maxpool_pick(f32[1, 2, 4, 6], f32[1, 2, 2, 3], kernel: 2)",
    "maxpool_pick(f32[1, 1, 9], f32[1, 1, 5], kernel: 3, stride: 2, pad: 1)",
  ]

  var kernel: [Int] = []
  var stride: [Int] = []
  var pad = Padding.numbers([0])
  var dilation = [1]
  var ceil = false

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let pooled = try pooledType(operands[0])
    try Self.requireFloat(operands[0])
    try Self.requireFloat(operands[1])
    try Self.requireShape(operands[1], pooled.shape, operand: 1, for: "input \(operands[0])")
    return [pooled]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let axes = PoolAxes(self, operands[0], results[0])
    let picked = select(operands[1][axes.result] .== .index(axes.tapNumber), axes.pixel(outside: 0), 0)
    return [Equation(results[0], axes.result, reduce(.sum, axes.taps, picked))]
  }
}
