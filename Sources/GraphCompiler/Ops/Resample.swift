import LoopIR

/// Weighted sums of neighbors along one axis, with positions and weights from tables: one step of resizing.
struct Resample: PrimitiveOp {
  static let name = "resample"
  static let summary = "y[…, i, …] = sum(t) weights[t, i] * x[…, starts[i] + t, …] along an axis"
  static let operands = [Operand("x"), Operand("starts"), Operand("weights")]
  static let fields: [Field<Self>] = [
    .field("axis", \.axis, "the axis of x that the starts address"),
    .field("outside", \.outside, "the value of what lies outside of x"),
  ]
  static let examples = [
    "resample(f32[4, 3], i32[5], f32[2, 5])", "resample(f32[2, 5, 3], i32[2], f32[3, 2], axis: 1, outside: 0.5)",
  ]

  var axis = 0
  var outside = 0.0

  init() {}

  init(axis: Int, outside: Double) { (self.axis, self.outside) = (axis, outside) }

  mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    axis = try AxisAttribute.resolve(axis, rank: operands[0].rank)
  }

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let (x, starts, weights) = (operands[0], operands[1], operands[2])
    _ = try Self.requireSame([x, weights], in: .floating)
    try Self.require(.integer, starts, operand: 1)
    try Self.requireFinite(outside, field: "outside")
    guard starts.rank == 1 else { throw OpError("expected starts of rank 1, found \(starts)", at: .operand(1)) }
    guard weights.rank == 2, weights.shape[1] == starts.shape[0] else {
      throw OpError("expected weights [taps, \(starts.shape[0])], found \(weights)", at: .operand(2))
    }
    var y = x
    y.shape[axis] = starts.shape[0]
    return [y]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let (x, starts, weights) = (operands[0], operands[1], operands[2])
    let axes = Equation.axes(of: results[0])
    let tap = Axis("t", weights.shape[0])
    var position = axes.map(\.index)
    position[axis] = Index.value(starts[[axes[axis]]]) + tap
    let term = weights[[tap, axes[axis]]] * x[position, outside: outside]
    return [Equation(results[0], axes, reduce(.sum, [tap], term))]
  }
}
