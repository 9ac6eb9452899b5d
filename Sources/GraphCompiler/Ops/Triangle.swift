import LoopIR

struct Triangle: PrimitiveOp {
  static let name = "triangle"
  static let summary = "matrices with zeros below (or above) a diagonal"
  static let operands = [Operand("x")]
  static let fields: [Field<Self>] = [
    .field("upper", \.upper, "keep what is right of the diagonal, not left of it"),
    .field("diagonal", \.diagonal, "columns by which the diagonal is moved to the right"),
  ]
  static let onnx: [ONNXRule] = [
    ONNXRule("Trilu") { call in
      let diagonals = try call.shapeInts(1, "k") ?? [0]
      guard diagonals.count == 1 else { throw OpError("expected one number as 'k', found \(diagonals.count)") }
      var op = Triangle()
      op.upper = try call.bool("upper", default: true)
      op.diagonal = diagonals[0]
      return [try call.apply(op, try call.input(0))]
    }
  ]
  static let examples = [
    "triangle(f32[3, 4])", "triangle(i32[2, 4, 3], upper: false, diagonal: -1)", "triangle(f32[3, 3], diagonal: 9)",
  ]

  var upper = true
  var diagonal = 0

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    guard operands[0].rank >= 2 else {
      throw OpError("'triangle' takes matrices, found \(operands[0])", at: .operand(0))
    }
    return operands
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let axes = Equation.axes(of: results[0])
    let (row, column) = (axes[axes.count - 2], axes[axes.count - 1])
    let distance = Scalar.index(column - row)
    let diagonal = Scalar.constant(Double(diagonal))
    let isKept = upper ? diagonal .<= distance : distance .<= diagonal
    return [Equation(results[0], axes, select(isKept, operands[0][axes], 0))]
  }
}

extension Triangle {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    call.finish("Trilu", [call.operands[0], call.scalar(Double(diagonal), .i64)], ["upper": .bool(upper)])
    return true
  }
}
