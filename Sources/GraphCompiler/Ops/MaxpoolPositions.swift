import LoopIR

/// Where the maximum of every window lies: its position in the row-major order of the channel's plane. The
/// first of equal ones wins. A window that holds no `y` (it has a NaN) yields the plane's size, which is no
/// position.
struct MaxpoolPositions: PrimitiveOp, DilatedPoolOp {
  static let name = "maxpool_positions"
  static let summary = "the place of each window's first maximum y in its H*W plane, as i64"
  static let operands = [Operand("x"), Operand("y")]
  static let fields = dilatedWindowFields
  static let examples = [
    "maxpool_positions(f32[1, 2, 4, 6], f32[1, 2, 2, 3], kernel: 2)",
    "maxpool_positions(f32[1, 1, 9], f32[1, 1, 5], kernel: 3, stride: 2, pad: 1)",
    "maxpool_positions(f32[1, 1, 2, 4, 4], f32[1, 1, 1, 2, 2], kernel: 2)",
  ]

  var kernel: [Int] = []
  var stride: [Int] = []
  var pad = Padding.numbers([0])
  var dilation = [1]
  var ceil = false

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    [TensorType(.i64, try pooledShape(operands))]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let plane = Array(operands[0].shape[2...])
    let axes = PoolAxes(self, operands[0], results[0])
    let place = RowMajor.place(of: axes.positions, shape: plane)
    return [axes.firstMaximum(operands[1], as: place, none: plane.reduce(1, *), results[0])]
  }
}
