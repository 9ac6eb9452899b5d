import LoopIR

/// The variance around means that are known: the second of two passes over the data, which unlike the difference of two
/// means of squares does not lose digits.
struct ReduceVariance: PrimitiveOp {
  static let name = "reduce_variance"
  static let summary = "mean of (x - mean)^2 over axes, where mean is reduce_mean of x over the same axes"
  static let operands = [Operand("x"), Operand("mean")]
  static let fields: [Field<Self>] = [
    .field("axes", \.axes, "which axes are reduced; none given: all"),
    .field("keep", \.keep, "keeps the axes, with extent 1"),
  ]
  static let examples = [
    "reduce_variance(f32[2, 3, 4], f32[2, 1, 4], axes: [1])",
    "reduce_variance(f32[2, 3, 4], f32[3], axes: [0, 2], keep: false)",
  ]

  var axes: [Int] = []
  var keep = true

  init() {}

  init(axes: [Int], keep: Bool = true) { (self.axes, self.keep) = (axes, keep) }

  mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    axes = try AxisAttribute.resolve(axes, rank: operands[0].rank)
  }

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let type = try ReduceMean(axes: axes, keep: keep).resultTypes([operands[0]])[0]
    _ = try Self.requireSame(operands, in: .floating)
    try Self.requireShape(operands[1], type.shape, operand: 1, for: "input \(operands[0])")
    return [type]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let (x, y) = (operands[0], results[0])
    let reduced = ReducedAxes(of: x, to: y, axes, keep: keep)
    let deviation = x[reduced.indices] - operands[1][Equation.axes(of: y)]
    let total = reduce(.sum, reduced.axes, deviation * deviation)
    return [Equation(y, Equation.axes(of: y), total / .constant(Double(max(1, reduced.count))))]
  }
}

extension ReduceVariance {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    let mean = keep ? call.operands[1] : call.node("Unsqueeze", [call.operands[1], call.ints(axes)])
    let centered = call.node("Sub", [call.operands[0], mean])
    let square = call.node("Mul", [centered, centered])
    call.finish("ReduceMean", [square, call.ints(axes)], ["keepdims": .bool(keep)])
    return true
  }
}
