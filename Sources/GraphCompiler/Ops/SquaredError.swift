import LoopIR

struct SquaredError: TargetLossOp {
  static let name = "squared_error"
  static let summary = "1/2 sum over outputs (y - t)^2, mean over the batch (Bishop 2006, 5.14; Mitchell 1997, 4.2)"
  static let operands = [Operand("y"), Operand("t")]

  var reduction = LossReduction.mean

  func outputLosses(_ b: inout GraphBuilder, _ y: Value, _ target: Value) throws(OpError) -> Value {
    let error = try b.apply(Sub(), y, target)
    let square = try b.apply(Mul(), error, error)
    return try b.apply(Mul(), square, b.scalar(0.5, b.type(of: y).element))
  }
}
