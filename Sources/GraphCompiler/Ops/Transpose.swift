import LoopIR

struct Transpose: PrimitiveOp {
  static let name = "transpose"
  static let summary = "axis i of the result is axis perm[i] of x"
  static let operands = [Operand("x")]
  static let fields: [Field<Self>] = [.field("perm", \.perm, "the order of the axes; none given: reversed", onnx: "perm")]
  static let onnx: [ONNXRule] = [reads("Transpose")]
  static let examples = ["transpose(f32[2, 3])", "transpose(f32[2, 3, 4, 5], perm: [0, 2, 3, 1])"]

  var perm: [Int] = []

  mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    let x = operands[0]
    if perm.isEmpty { perm = Array((0..<x.rank).reversed()) }
    var axes: [Int] = []
    for axis in perm { axes.append(try AxisAttribute.resolve(axis, rank: x.rank, field: "perm")) }
    guard axes.sorted() == Array(0..<x.rank) else {
      throw OpError("'perm' \(perm) does not name each axis of \(x) once", at: .field("perm"))
    }
    perm = axes
  }

  func resultTypes(_ operands: [TensorType]) -> [TensorType] {
    [TensorType(operands[0].element, perm.map { operands[0].shape[$0] })]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let (x, y) = (operands[0], results[0])
    let axes = Equation.axes(of: y)
    var indices = axes
    for (place, axis) in perm.enumerated() { indices[axis] = axes[place] }
    return [Equation(y, axes, x[indices])]
  }
}
