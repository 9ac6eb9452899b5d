import LoopIR

/// Which tap of every window meets its maximum: its number in the row-major order of the window. The first of equal ones
/// wins. A window that holds no `y` (it has a NaN) yields the number of taps, which is no tap.
struct MaxpoolTaps: PrimitiveOp, DilatedPoolOp {
  static let name = "maxpool_taps"
  static let summary = "the number of the tap in each window that meets its first maximum y, as f32"
  static let operands = [Operand("x"), Operand("y")]
  static let fields = dilatedWindowFields
  static let examples = [
    "maxpool_taps(f32[1, 2, 4, 6], f32[1, 2, 2, 3], kernel: 2)",
    "maxpool_taps(f32[1, 1, 9], f32[1, 1, 5], kernel: 3, stride: 2, pad: 1)",
    "maxpool_taps(f32[1, 1, 2, 4, 4], f32[1, 1, 1, 2, 2], kernel: 2)",
  ]

  var kernel: [Int] = []
  var stride: [Int] = []
  var pad = Padding.numbers([0])
  var dilation = [1]
  var ceil = false

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    [TensorType(.f32, try pooledShape(operands))]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let axes = PoolAxes(self, operands[0], results[0])
    let count = axes.taps.reduce(1) { $0 * $1.extent }
    return [axes.firstMaximum(operands[1], as: axes.tapNumber, none: count, results[0])]
  }
}
