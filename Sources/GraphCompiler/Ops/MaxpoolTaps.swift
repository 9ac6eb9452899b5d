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
    try Self.require(.number, operands[0])
    _ = try Self.requireSame(operands.map(\.element))
    let pooled = try pooledType(operands[0])
    try Self.requireShape(operands[1], pooled.shape, operand: 1, for: "input \(operands[0])")
    return [TensorType(.f32, pooled.shape)]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let x = operands[0]
    let axes = PoolAxes(self, x, results[0])
    let count = axes.taps.reduce(1) { $0 * $1.extent }
    let isLargest = axes.pixel(outside: 0) .== operands[1][axes.result]
    let found = select(isLargest, .index(axes.tapNumber), .constant(Double(count)))
    let value = zip(axes.positions, x.shape[2...]).reduce(found) { value, axis in
      axis.0.isInside(axis.1).map { select($0, value, .constant(Double(count))) } ?? value
    }
    return [Equation(results[0], axes.result, reduce(.minimum, axes.taps, value))]
  }
}
