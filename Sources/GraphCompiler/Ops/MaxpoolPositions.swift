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
    try Self.require(.number, operands[0])
    _ = try Self.requireSame(operands.map(\.element))
    let pooled = try pooledType(operands[0])
    try Self.requireShape(operands[1], pooled.shape, operand: 1, for: "input \(operands[0])")
    return [TensorType(.i64, pooled.shape)]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let x = operands[0]
    let axes = PoolAxes(self, x, results[0])
    let plane = Array(x.shape[2...])
    let positions = axes.positions
    let count = plane.reduce(1, *)
    let isLargest = axes.pixel(outside: 0) .== operands[1][axes.result]
    let place = Scalar.index(RowMajor.place(of: positions, shape: plane))
    let found = select(isLargest, place, .constant(Double(count)))
    let value = zip(positions, plane).reduce(found) { value, axis in
      axis.0.isInside(axis.1).map { select($0, value, .constant(Double(count))) } ?? value
    }
    return [Equation(results[0], axes.result, reduce(.minimum, axes.taps, value))]
  }
}
